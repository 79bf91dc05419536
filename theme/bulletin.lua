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

-- #name([line], [line]) with Pandoc writing what stands in the brackets.
local function typst_call(name, lines)
  local out = pandoc.Inlines({ pandoc.RawInline("typst", "#" .. name .. "(") })
  for _, line in ipairs(lines) do
    -- The empty block keeps "2. " at the start of a line from becoming a list.
    out:insert(pandoc.RawInline("typst", "[#{}"))
    out:extend(line)
    out:insert(pandoc.RawInline("typst", "], "))
  end
  out:insert(pandoc.RawInline("typst", ")"))
  return pandoc.Plain(out)
end

local TYPST = { signature = "signature", ["annex-list"] = "annex-list", ["annex-note"] = "annex-note" }
local WORD = { signature = "Signature", ["annex-list"] = "Annex List", ["annex-note"] = "Annex Note" }

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

function Div(div)
  if shows_nothing(div) then
    return {}
  end
  -- Quarto boxes each cell; an annex has to stand free to turn its page.
  if div.identifier == "" and div.classes:includes("cell") and not FORMAT:match("html") then
    return div.content
  end
  for class, call in pairs(TYPST) do
    if div.classes:includes(class) then
      if FORMAT:match("typst") then
        return typst_call(call, inlines_of(div.content))
      elseif FORMAT:match("docx") then
        div.attributes["custom-style"] = WORD[class]
        return div
      end
    end
  end
end

local function styled(style, inlines, identifier)
  return pandoc.Div({ pandoc.Para(inlines) }, pandoc.Attr(identifier or "", {}, { ["custom-style"] = style }))
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

-- In Word the head of the document is made of paragraphs: Pandoc's own title block knows no issuer.
function Pandoc(doc)
  if FORMAT:match("html") then
    return frame(doc)
  end
  if not FORMAT:match("docx") or not doc.meta.issuer then
    return nil
  end
  local head = pandoc.Blocks({ styled("Issuer", doc.meta.issuer) })
  if doc.meta["draft-mark"] then
    head:insert(1, styled("Annex Label", doc.meta["draft-mark"]))
  end
  head:insert(styled("Document Number", doc.meta.docnumber or pandoc.Inlines({})))
  head:insert(styled("Title", doc.meta.title))
  head:insert(styled("Addressees", doc.meta.addressees))
  doc.meta.title = nil
  return pandoc.Pandoc(head .. doc.blocks, doc.meta)
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

function Meta(meta)
  for key, value in pairs(head or {}) do
    meta[key] = value
  end
  return meta
end

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
  if FORMAT:match("typst") then
    local wide = header.classes:includes("wide")
    local page = wide and "#set page(flipped: true, margin: landscape-margin)"
      or "#set page(flipped: false, margin: portrait-margin)"
    local heading = typst_call("annex-title", { title })
    heading.content:insert(pandoc.RawInline("typst", " <" .. header.identifier .. ">"))
    return { pandoc.RawBlock("typst", page), typst_call("annex-label", { label or title }), heading }
  elseif FORMAT:match("docx") then
    return { styled("Annex Label", label or title), styled("Annex Title", title, header.identifier) }
  end
  return header
end

-- Columns as wide as what they hold: headers wrap, the units' names and the figures do not. A Chinese character is one
-- wide, a digit or Latin letter a half.
local function width_of(cell)
  return utf8.len(pandoc.utils.stringify(cell.contents)) or 0
end

local function is_latin(cell)
  return not pandoc.utils.stringify(cell.contents):find("[\228-\233]")
end

-- Chinese headers break anywhere, Latin ones between words.
local function width_of_header(cell)
  local third = math.ceil(width_of(cell) / 3)
  if not is_latin(cell) then
    return third
  end
  local longest = 0
  for word in pandoc.utils.stringify(cell.contents):gmatch("%S+") do
    longest = math.max(longest, utf8.len(word) or 0)
  end
  return math.max(third / 2, longest * 0.6)
end

function Table(tbl)
  if FORMAT:match("html") or #tbl.colspecs < 3 then
    return nil
  end
  local widths, sum = {}, 0
  for index, cell in ipairs(tbl.head.rows[1].cells) do
    local widest = math.max(width_of_header(cell), 2)
    for _, body in ipairs(tbl.bodies) do
      for _, row in ipairs(body.body) do
        local figure = width_of(row.cells[index])
        local is_name = index == 1 and not is_latin(row.cells[index])
        widest = math.max(widest, is_name and figure or figure / 2)
      end
    end
    widths[index] = widest + 1
    sum = sum + widths[index]
    cell.alignment = "AlignCenter"
  end
  for index, spec in ipairs(tbl.colspecs) do
    tbl.colspecs[index] = { spec[1], widths[index] / sum }
  end
  return tbl
end
