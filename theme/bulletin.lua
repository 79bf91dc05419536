-- Turns the bulletin's parts (closing, annexes) into what each format needs. Used by Quarto and by the embedded engine.

local function inlines_of(blocks)
  local lines = {}
  for _, block in ipairs(blocks) do
    if block.t == "Para" or block.t == "Plain" then
      table.insert(lines, block.content)
    end
  end
  return lines
end

-- #name(…, [line], [line]) with Pandoc writing what stands in the brackets.
local function typst_call(name, lines, ...)
  local out = pandoc.Inlines({ pandoc.RawInline("typst", "#" .. name .. "(" .. table.concat({ ... }, ", ")) })
  out:insert(pandoc.RawInline("typst", select("#", ...) > 0 and ", " or ""))
  for _, line in ipairs(lines) do
    -- The empty block keeps "2. " at the start of a line from becoming a list.
    out:insert(pandoc.RawInline("typst", "[#{}"))
    out:extend(line)
    out:insert(pandoc.RawInline("typst", "], "))
  end
  out:insert(pandoc.RawInline("typst", ")"))
  return pandoc.Plain(out)
end

-- Each line of the list of annexes in three: 附件：, 1., its title, which is a link.
local function annex_cells(lines)
  local cells = {}
  for _, line in ipairs(lines) do
    local before, title = pandoc.Inlines({}), pandoc.Inlines({})
    for _, inline in ipairs(line) do
      (inline.t == "Link" and title or before):insert(inline)
    end
    local label, number = pandoc.utils.stringify(before):match("^(%D*)(.-)%s*$")
    local gap = pandoc.RawInline("typst", "#h(0.25em)")
    local first, second = pandoc.Inlines(label), number ~= "" and { pandoc.Str(number), gap } or {}
    for _, cell in ipairs({ first, pandoc.Inlines(second), title }) do
      table.insert(cells, cell)
    end
  end
  return cells
end

local TYPST = {
  signature = "signature", ["annex-list"] = "annex-list", ["annex-note"] = "annex-note",
  ["chart-title"] = "chart-title", ["chart-subtitle"] = "chart-subtitle",
}

-- What a cell shows on the page only leaves nothing in print, not even a gap: enough gaps make an empty last page.
local function shows_nothing(div)
  if FORMAT:match("html") or div.identifier ~= "" then
    return false
  end
  for _, block in ipairs(div.content) do
    if block.t ~= "RawBlock" or not block.format:match("html") then
      return false
    end
  end
  return div.classes:includes("cell") or div.classes:includes("cell-output") or div.classes:includes("cell-output-display")
end

-- What a drawing says to who cannot see it. Pandoc's Typst has no place for it; on the page a drawing says it itself.
local function say(message, blocks)
  if FORMAT:match("html") then
    return blocks
  end
  return blocks:walk({
    Image = function(image)
      if FORMAT:match("typst") then
        local quoted = message:gsub('[\\"]', "\\%0")
        return { pandoc.RawInline("typst", '#set image(alt: "' .. quoted .. '");'), image }
      end
      image.caption = pandoc.Inlines(message)
      return image
    end,
  })
end

-- A numbered figure in Quarto, which has made it of its division.
function FloatRefTarget(float)
  local message = float.attributes["fig-alt"]
  if message then
    float.attributes["fig-alt"] = nil
    float.content = say(message, pandoc.Blocks(float.content))
    return float
  end
end

function Div(div)
  if shows_nothing(div) then
    return {}
  end
  local message = div.attributes["fig-alt"]
  if message then
    div.attributes["fig-alt"] = nil
    div.content = say(message, div.content)
    return div
  end
  -- Quarto boxes each cell; an annex has to stand free to turn its page.
  if div.identifier == "" and div.classes:includes("cell") and not FORMAT:match("html") then
    return div.content
  end
  for class, call in pairs(TYPST) do
    if div.classes:includes(class) and FORMAT:match("typst") then
      local lines = inlines_of(div.content)
      local sealed = call == "signature" and div.classes:includes("sealed") and { "sealed: true" } or {}
      return typst_call(call, call == "annex-list" and annex_cells(lines) or lines, table.unpack(sealed))
    end
  end
end

-- #imprint(…): what an official document ends with, where it is declared.
local function imprint(meta)
  local given = {}
  for _, name in ipairs({ "copies-label", "copies-to", "printed-by", "printed-on" }) do
    if meta[name] then
      local shown = pandoc.write(pandoc.Pandoc({ pandoc.Plain(pandoc.Str(pandoc.utils.stringify(meta[name]))) }), "typst")
      table.insert(given, name .. ": [" .. shown .. "]")
    end
  end
  return #given > 0 and pandoc.RawBlock("typst", "#imprint(" .. table.concat(given, ", ") .. (meta.letter and ", letter: true)" or ")"))
end

-- The list of annexes, issuer and date are kept together, and with the paragraph before them.
local function keep_closing(blocks)
  local kept, inside = pandoc.Blocks({}), false
  for _, block in ipairs(blocks) do
    local first = block.t == "Plain" and block.content[1]
    local is_closing = first and first.t == "RawInline" and (first.text:find("^#annex%-list") or first.text:find("^#signature"))
    if is_closing and not inside then
      local last = kept[#kept]
      if last and last.t == "Para" then
        kept[#kept] = typst_call("last-paragraph", { last.content })
      end
    end
    if (is_closing and true or false) ~= inside then
      inside = not inside
      kept:insert(pandoc.RawBlock("typst", inside and "#closing[" or "]"))
    end
    kept:insert(block)
  end
  if inside then
    kept:insert(pandoc.RawBlock("typst", "]"))
  end
  return kept
end

-- A title's declared words stay whole on the page: each in a span of its own, which the style sheet does not break.
local function keep_whole(inlines, words)
  return inlines:walk({
    Str = function(str)
      local found, text = pandoc.Inlines({}), str.text
      while text ~= "" do
        local first, last = #text + 1, #text
        for _, word in ipairs(words) do
          local from, to = text:find(word, 1, true)
          if from and (from < first or (from == first and to > last)) then
            first, last = from, to
          end
        end
        if first > 1 then
          found:insert(pandoc.Str(text:sub(1, first - 1)))
        end
        if first <= #text then
          found:insert(pandoc.Span(text:sub(first, last), pandoc.Attr("", { "unbroken" })))
        end
        text = text:sub(last + 1)
      end
      return found
    end,
  })
end

-- Every part of the page that has a heading of the second level, those of the page's own HTML included.
local function contents_of(doc)
  local items = {}
  local function add(identifier, inlines)
    table.insert(items, { pandoc.Plain({ pandoc.Link(inlines, "#" .. identifier) }) })
  end
  doc:walk({
    traverse = "topdown",
    Header = function(header)
      if header.level == 2 and header.identifier ~= "" then
        add(header.identifier, header.content)
      end
    end,
    RawBlock = function(block)
      for identifier, text in block.text:gmatch('<h2 id="([^"]+)"[^>]*>(.-)</h2>') do
        add(identifier, pandoc.utils.blocks_to_inlines(pandoc.read(text, "html").blocks))
      end
    end,
  })
  return items
end

local function frame(doc)
  local words = {}
  for _, word in ipairs(doc.meta.unbroken or {}) do
    table.insert(words, pandoc.utils.stringify(word))
  end
  if #words > 0 then
    doc.meta.title = keep_whole(doc.meta.title, words)
    doc = doc:walk({
      Header = function(header)
        header.content = keep_whole(header.content, words)
        return header
      end,
    })
  end
  local items = contents_of(doc)
  if doc.meta["toc-title"] and #items > 2 then
    doc.meta.contents = pandoc.MetaBlocks({ pandoc.BulletList(items) })
  end
  return doc
end

function Pandoc(doc)
  if FORMAT:match("html") then
    return frame(doc)
  elseif FORMAT:match("typst") and doc.meta.issuer then
    local issuer = pandoc.utils.stringify(doc.meta.issuer):gsub('[\\"]', "\\%0")
    doc.meta["issuer-quoted"] = pandoc.RawInline("typst", '"' .. issuer .. '"')
    local blocks = keep_closing(doc.blocks)
    blocks:insert(imprint(doc.meta) or nil)
    return pandoc.Pandoc(blocks, doc.meta)
  end
end

-- JupyterLab shows Markdown as it is, so what only Pandoc understands hides in HTML: a heading's identifier and classes
-- in an empty span, a document's metadata in a comment. What is for JupyterLab alone is left out.
local function take_attributes(header)
  local first = header.content[1]
  if not first or first.t ~= "Span" or #first.content > 0 or first.identifier == "" then
    return false
  end
  header.identifier = first.identifier
  header.classes:extend(first.classes)
  header.content:remove(1)
  return true
end

local head = nil

function RawBlock(block)
  if not block.format:match("html") then
    return nil
  end
  local yaml = block.text:match("^<!%-%- head\n(.*)%-%->%s*$")
  if yaml then
    head = pandoc.read("---\n" .. yaml .. "---\n", "markdown").meta
    return {}
  elseif block.text:match('^%s*<div class="in%-notebook"') then
    return {}
  end
end

-- A title's lines (7.3.1): as few as it needs, broken between words, in the shape of a trapezoid or a rhombus. Widths are
-- in ems. Declared words stay whole, and so do quotations, numbers with what they count, and Latin words; a break
-- between two other Chinese characters is a last resort, for it may part a word.
local WHOLE = { "^“.-”", "^《.-》", "^（.-）", "^[%w%.%-/%%]+ ?", "^" .. utf8.charpattern }

-- Words that titles of circulars are made of: they stay whole, too.
local COMMON = {}
for word in ([[通报 工作 情况 安全 生产 执法 行政 检查 处罚 案件 整治 整改 行动 专项 排查 治理 考核 目标 责任 督查 服务 办理
  管理 监管 监督 群众 投诉 举报 满意 环境 应急 统计 数据 汇总 报表 任务 完成 进展 项目]]):gmatch("%S+") do
  table.insert(COMMON, word)
end

local function pieces_of(title, words)
  local pieces, at = {}, 1
  while at <= #title do
    local found, kind = "", 0
    for _, word in ipairs(words) do
      if #word > #found and title:sub(at, at + #word - 1) == word then
        found = word
      end
    end
    while found == "" do
      kind = kind + 1
      found = title:match(WHOLE[kind], at) or ""
    end
    at = at + #found
    local last, single = pieces[#pieces], kind == #WHOLE
    local counted = last and last.text:find("%d$") and ("年月日号次期届个家起项季"):find(found, 1, true)
    local counts_on = last and last.text:find("%d年$") and found:find("^%d")
    local dashed = last and (found == "–" and last.text:find("%w$") or last.text:find("–$")) -- January–July
    if last and (counted or counts_on or dashed or single and ("、，。：；）》”!?,.的"):find(found, 1, true)) then
      last.text, last.single = last.text .. found, false
    else
      table.insert(pieces, { text = found, single = single })
    end
  end
  return pieces
end

local function width_in_ems(text)
  local width = 0
  for _, code in utf8.codes((text:gsub(" $", ""))) do
    width = width + (code < 0x2000 and 0.55 or 1)
  end
  return width
end

-- Best is a fifth between long and short; a short line in the middle is worst.
local function unshapely(widths)
  local longest, sum = math.max(table.unpack(widths)), 0
  for index, width in ipairs(widths) do
    sum = sum + (width / longest - 0.8) ^ 2
    if index > 1 and index < #widths and width < math.min(widths[index - 1], widths[index + 1]) then
      sum = sum + 1
    end
  end
  return sum
end

local function best_lines(pieces, count, room)
  local best, least = nil, math.huge
  local function try(from, lines, widths, cost)
    local text = ""
    for at = from, #pieces do
      text = text .. pieces[at].text
      local width, done = width_in_ems(text), at == #pieces
      if width > room then
        return
      end
      local now, wide = { table.unpack(lines) }, { table.unpack(widths) }
      table.insert(now, text)
      table.insert(wide, width)
      if done and #now == count and cost + unshapely(wide) < least then
        best, least = now, cost + unshapely(wide)
      elseif not done and #now < count then
        try(at + 1, now, wide, cost + (pieces[at].single and pieces[at + 1].single and 0.1 or 0))
      end
    end
  end
  try(1, {}, {}, 0)
  return best
end

local function lines_of_title(inlines, room)
  local title, words = pandoc.utils.stringify(inlines), { table.unpack(COMMON) }
  for _, word in ipairs(head and head.unbroken or {}) do
    table.insert(words, pandoc.utils.stringify(word))
  end
  local pieces, lines = pieces_of(title, words), nil
  for count = 1, 4 do
    lines = lines or best_lines(pieces, count, room)
  end
  local made = pandoc.List({})
  for _, line in ipairs(lines or { title }) do
    made:insert(pandoc.Inlines((line:gsub(" $", ""))))
  end
  return made
end

function Meta(meta)
  for key, value in pairs(head or {}) do
    meta[key] = value
  end
  if head and not FORMAT:match("html") then
    meta["title-lines"] = lines_of_title(meta.title, 19.5)
  end
  return meta
end

local turned = false -- whether the page of the annex that was begun last is

-- An annex heading starts a page (turned if wide); its label stands above the title.
function Header(header)
  local changed = take_attributes(header)
  if not header.classes:includes("annex") then
    return changed and header or nil
  end
  local label, title = nil, pandoc.Inlines({})
  for _, inline in ipairs(header.content) do
    if inline.t == "Span" and inline.classes:includes("annex-label") then
      label = inline.content
    elseif #title > 0 or inline.t ~= "Space" then
      title:insert(inline)
    end
  end
  local wide = header.classes:includes("wide")
  turned = wide
  if FORMAT:match("typst") then
    local page = wide and "#set page(flipped: true, margin: landscape-margin)\n#set table(inset: (x: 4pt, y: 4.5pt))"
      or "#set page(flipped: false, margin: portrait-margin)\n#set table(inset: (x: 4pt, y: 6pt))"
    local heading = typst_call("annex-title", lines_of_title(title, wide and 28 or 19.5), '"' .. header.identifier .. '"')
    return { pandoc.RawBlock("typst", page), typst_call("annex-label", { label or title }), heading }
  elseif FORMAT:match("docx") then
    local content = label and pandoc.Inlines({ pandoc.Span(label, { class = "annex-label" }) }) or pandoc.Inlines({})
    for index, line in ipairs(lines_of_title(title, wide and 28 or 19.5)) do
      content:extend(index > 1 and { pandoc.LineBreak() } or {})
      content:extend(line)
    end
    header.content = content
  end
  return header
end

-- The row of totals is set apart: in another face, with a rule to the rows of units.
local function set_totals_apart(tbl)
  local names = {}
  for _, name in ipairs(head and head.totals or {}) do
    names[pandoc.utils.stringify(name)] = true
  end
  for _, body in ipairs(tbl.bodies) do
    for index, row in ipairs(body.body) do
      if names[pandoc.utils.stringify(row.cells[1].contents)] then
        for _, cell in ipairs(row.cells) do
          cell.attributes["typst:stroke"] = ("(%s: 1.2pt + black)"):format(index == 1 and "bottom" or "top")
          cell.attributes["typst:text:font"] = "face-heading"
        end
      end
    end
  end
end

-- Columns as wide as what they hold: headers wrap, the units' names and the figures do not. A Chinese character is one
-- wide, a digit or Latin letter a half. Where a page is too narrow, letters get smaller, and long names take further lines.
local LARGEST, SMALLEST = 10.5, 7 -- points; bulletin/paper.py refuses what has no room at the smallest
local ACROSS, ACROSS_TURNED = 156 / 25.4 * 72, 225 / 25.4 * 72
local LONGEST = 20 -- of words in a cell on one line
-- What is tried in turn: how wide a name is at the least, whether a unit of measurement stays whole, what is beside a text.
local TRIES = { { name = 12, inset = 4, whole = true }, { name = 6, inset = 4, whole = true }, { name = 6, inset = 2 } }

local function widen(widths, row, most)
  for index, cell in ipairs(row.cells) do
    local text = pandoc.utils.stringify(cell.contents)
    local width = width_in_ems(text) + 0.1 -- Pandoc rounds
    widths[index] = math.max(widths[index], text:find("^[%d.,%-−+%%]+$") and width or math.min(width, most))
  end
end

local function unit_in(name)
  return name:match("（[^（]*）$") or name:match("%([^(]*%)$") or ""
end

-- Chinese headers break anywhere, Latin ones between words; a unit of measurement in brackets stays whole, if it can. Returns
-- how wide a header is at its best, at the least, and with the unit broken.
local function width_of_header(cell)
  local name = pandoc.utils.stringify(cell.contents)
  local unit = unit_in(name)
  local rest = width_in_ems(name:sub(1, #name - #unit))
  local least = math.max(2, width_in_ems(unit))
  local widest = math.max(least, math.ceil(rest / (unit == "" and 3 or 2)))
  local broken = unit:find("%%") and math.min(width_in_ems(unit), 2.6) or 2 -- no line begins with a bracket that closes
  if not name:find("[\228-\233]") then
    for word in name:gmatch("%S+") do
      widest, least = math.max(rest / 3, width_in_ems(word)), math.max(least, width_in_ems(word))
      broken = math.max(broken, width_in_ems(word))
    end
  end
  return widest, least, broken
end

local function keep_unit_whole(cell)
  local name = pandoc.utils.stringify(cell.contents)
  local unit = unit_in(name)
  if unit ~= "" then
    local box = { pandoc.RawInline("typst", "#box["), pandoc.Str(unit), pandoc.RawInline("typst", "]") }
    cell.contents = { pandoc.Plain(pandoc.Inlines(name:sub(1, #name - #unit)) .. pandoc.Inlines(box)) }
  end
end

local function sum_of(widths)
  local sum = 0
  for _, width in ipairs(widths) do
    sum = sum + width
  end
  return sum
end

-- How wide columns are inside, in points, how large the letters, and what was tried last.
local function fitted(best, leasts, across)
  local size, least, needed, room, try
  for number, tried in ipairs(leasts) do
    least, needed, try = tried, sum_of(tried), TRIES[number]
    room = across - 2 * try.inset * #best
    size = math.min(LARGEST, room / needed)
    if size >= SMALLEST then
      break
    end
  end
  size = math.max(size, SMALLEST)
  local inside, wished, widths = room / size, sum_of(best), {}
  for at, width in ipairs(best) do
    local more = (width - least[at]) * (inside - needed) / math.max(wished - needed, 0.01)
    widths[at] = size * (inside >= wished and width * inside / wished or least[at] + more)
  end
  return widths, size, try
end

function Table(tbl)
  local first = tbl.head.rows[1]
  if not FORMAT:match("typst") or #tbl.colspecs < 3 or not first or #first.cells ~= #tbl.colspecs then
    return nil
  end
  set_totals_apart(tbl)
  local best, leasts = {}, { {}, {}, {} }
  for index, cell in ipairs(first.cells) do
    best[index], leasts[1][index], leasts[3][index] = width_of_header(cell)
    leasts[2][index] = leasts[1][index]
    cell.alignment = "AlignDefault"
    cell.attributes["typst:align"] = "center + horizon"
  end
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      widen(best, row, LONGEST)
      for at, try in ipairs(TRIES) do
        widen(leasts[at], row, try.name)
      end
    end
  end
  local across = turned and ACROSS_TURNED or ACROSS
  local widths, size, try = fitted(best, leasts, across)
  for index, spec in ipairs(tbl.colspecs) do
    tbl.colspecs[index] = { spec[1], (widths[index] + 2 * try.inset) / across }
  end
  for _, cell in ipairs(try.whole and first.cells or {}) do
    keep_unit_whole(cell)
  end
  if size == LARGEST then
    return tbl
  end
  local set = "#[#show table: set text(size: %.2fpt)\n#set table(inset: (x: %dpt, y: 6pt))"
  local smaller = pandoc.RawBlock("typst", set:format(size, try.inset))
  return { smaller, tbl, pandoc.RawBlock("typst", "]") }
end
