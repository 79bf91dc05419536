-- Word's form of a bulletin: head, closing, annexes, figures, tables. The styles are those of reference.docx, which a clerk
-- may edit. Runs when the figures are numbered; lengths are in twentieths of a point, widths of text in ems.
if not FORMAT:match("docx") then
  return {}
end

local stringify = pandoc.utils.stringify
-- 156 and 225 mm, and a character of the text: 28 in a line.
local ACROSS, TURNED, CHARACTER = 8844, 12756, 315
local FOOTERS = '<w:footerReference w:type="default" r:id="footer-%sodd"/>'
  .. '<w:footerReference w:type="even" r:id="footer-%seven"/>'
local UPRIGHT = '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588"'
local SIDEWAYS = '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
  .. '<w:pgMar w:top="1588" w:right="2098" w:bottom="1474" w:left="1984"'

local function xml(text)
  return pandoc.RawBlock("openxml", text)
end

local function escaped(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

local function run(text, look)
  local break_at = escaped(text):gsub("\n", '</w:t><w:br/><w:t xml:space="preserve">')
  return ('<w:r><w:rPr>%s</w:rPr><w:t xml:space="preserve">%s</w:t></w:r>'):format(look or "", break_at)
end

local function paragraph(style, runs, layout)
  return ('<w:p><w:pPr><w:pStyle w:val="%s"/>%s</w:pPr>%s</w:p>'):format(style, layout or "", runs or "")
end

-- A paragraph of a style, by the name that Word shows.
local function styled(style, inlines, identifier)
  return pandoc.Div({ pandoc.Para(inlines) }, pandoc.Attr(identifier or "", {}, { ["custom-style"] = style }))
end

local function is_chinese(meta)
  return stringify(meta.lang or "zh"):sub(1, 2) == "zh"
end

-- The first page has a number, too, unless it is a letter's, and shows itself what the others repeat at their heads.
local function section(meta, turned, first, even)
  local kind = turned and "turned-" or ""
  local above = meta["draft-mark"] and (meta.notice and "draft-notice" or "draft") or meta.notice and "notice"
  local header = '<w:headerReference w:type="%s" r:id="header-%s"/>'
  first = first and (meta.letter or above)
  return "<w:sectPr>"
    .. (above and header:format("default", above) .. header:format("even", above) or "")
    .. FOOTERS:format(kind, kind)
    .. (first and not meta.letter and '<w:footerReference w:type="first" r:id="footer-odd"/>' or "")
    .. (even and '<w:type w:val="evenPage"/>' or "")
    .. (turned and SIDEWAYS or UPRIGHT)
    .. ' w:header="851" w:footer="1400" w:gutter="0"/>'
    .. (first and "<w:titlePg/>" or "")
    .. "</w:sectPr>"
end

-- A paragraph that nobody sees: what Word keeps at the end of a section or below a table.
local function unseen(inside)
  return xml(paragraph("Unseen", "", inside))
end

local function ems(text)
  local width = 0
  for _, code in utf8.codes(text) do
    width = width + (code < 0x2000 and 0.5 or 1)
  end
  return width
end

-- Text that stands where it does whatever the rest does.
local function frame(wide, anchor, place)
  return ('<w:framePr w:w="%d" w:wrap="around" w:vAnchor="%s" w:hAnchor="%s" %s/>'):format(wide, anchor, anchor, place)
end

-- Head -----------------------------------------------------------------------------------------------------------------

-- On one line: spaced out where there is room, set smaller where there is not.
local function issuer_line(name, zh, layout)
  local size, spacing = zh and 36 or 22, zh and 0.08 or 0.02
  -- A little more: other programs put a gap between Chinese and figures.
  local count, width = utf8.len(name), ems(name) * (zh and 1 or 1.15) + (zh and name:find("%w") and 0.6 or 0)
  local room = ACROSS / 20 - width * size
  local fitted = math.floor(2 * size * math.min(1, ACROSS / 20 / (width * size)))
  local tracking = math.floor(20 * math.max(0, math.min(spacing * size, room / count)))
  local look = (zh and "" or "<w:b/>") .. ('<w:spacing w:val="%d"/><w:sz w:val="%d"/>'):format(tracking, fitted)
  return xml(paragraph("Issuer", run(name, look), layout))
end

-- The number alone in the middle; with who signed, two names a line, at the left of the last.
local function number_line(meta)
  local number, names = run(meta.docnumber and stringify(meta.docnumber) or ""), {}
  for _, name in ipairs(meta.signatories or {}) do
    table.insert(names, stringify(name))
  end
  if #names == 0 then
    return paragraph("DocumentNumber", number)
  end
  local label, widest, runs = stringify(meta["signatories-label"]), 0, ""
  local lines = math.ceil(#names / 2)
  for line = 1, lines do
    local pair = table.concat(names, "　", 2 * line - 1, math.min(2 * line, #names))
    widest = math.max(widest, ems(pair))
    runs = runs
      .. (line > 1 and "<w:r><w:br/></w:r>" or "")
      .. (line == lines and number or "")
      .. (line == 1 and "<w:r><w:tab/></w:r>" .. run(label) or "<w:r><w:tab/></w:r><w:r><w:tab/></w:r>")
      .. run(pair, '<w:rFonts w:eastAsia="楷体_GB2312"/>')
  end
  local at = ACROSS - math.ceil((1.5 + widest) * CHARACTER)
  local tab = '<w:tab w:val="left" w:pos="%d"/>'
  local tabs = "<w:tabs>" .. tab:format(at - ems(label) * CHARACTER // 1) .. tab:format(at) .. "</w:tabs>"
  return paragraph("DocumentNumber", runs, tabs .. ('<w:ind w:left="%d"/><w:jc w:val="left"/>'):format(CHARACTER))
end

local function marks(meta, place)
  local blocks = pandoc.Blocks({})
  local layout = frame(4000, "margin", place)
  if meta["copy-number"] then
    blocks:insert(xml(paragraph("HeadMark", run(stringify(meta["copy-number"])), layout)))
  end
  for _, grade in ipairs(meta.grades or {}) do
    blocks:insert(xml(paragraph("HeadMark", run(stringify(grade), '<w:rFonts w:eastAsia="黑体"/>'), layout)))
  end
  return blocks
end

local function rule(kind, wide, space)
  return ('<w:pBdr><w:bottom w:val="%s" w:sz="%d" w:space="%d" w:color="C7000B"/></w:pBdr>'):format(kind, wide, space)
end

local function letter_head(meta, name, zh)
  local wide, flush = 9638, '<w:spacing w:before="0"/>' -- 170 mm
  local head = pandoc.Blocks({
    issuer_line(name, zh, frame(wide, "page", 'w:xAlign="center" w:y="1540"') .. rule("thickThinSmallGap", 18, 4) .. flush),
    xml(paragraph("Unseen", "", frame(wide, "page", 'w:xAlign="center" w:y="15580"') .. rule("thinThickSmallGap", 18, 1))),
  })
  head:extend(marks(meta, 'w:xAlign="left" w:y="1"'))
  if meta.docnumber then
    local layout = '<w:pBdr><w:bottom w:val="nil"/></w:pBdr><w:spacing w:before="99"/><w:jc w:val="right"/>'
    head:insert(xml(paragraph("DocumentNumber", run(stringify(meta.docnumber)), layout)))
  end
  return head
end

local function general_head(meta, name, zh)
  local head = pandoc.Blocks({ issuer_line(name, zh) })
  head:extend(marks(meta, 'w:xAlign="left" w:y="1"'))
  if meta.docnumber or meta.signatories then
    head:insert(xml(number_line(meta)))
  else -- the rule alone
    local layout = '<w:spacing w:before="0" w:after="34" w:line="20" w:lineRule="exact"/>'
    head:insert(xml(paragraph("DocumentNumber", "", rule("single", 10, 4) .. layout)))
  end
  return head
end

local function head_of(meta)
  local name, zh = stringify(meta.issuer), is_chinese(meta)
  local head = pandoc.Blocks({})
  if meta["draft-mark"] then
    local place = frame(ACROSS, "page", 'w:xAlign="center" w:y="567"')
    head:insert(xml(paragraph("DraftMark", run(stringify(meta["draft-mark"])), place)))
  end
  if meta.notice then
    local place = frame(ACROSS, "page", 'w:x="1588" w:y="794"')
    head:insert(xml(paragraph("HeadNotice", run(stringify(meta.notice)), place)))
  end
  head:extend((meta.letter and letter_head or general_head)(meta, name, zh))
  local lines = {}
  for _, line in ipairs(meta["title-lines"] or { meta.title }) do
    table.insert(lines, stringify(line))
  end
  head:insert(xml(paragraph("Title", run(table.concat(lines, "\n"), zh and "" or "<w:b/>"), meta.letter and '<w:spacing w:before="920"/>')))
  if meta.addressees then
    head:insert(styled("主送机关", meta.addressees))
  end
  return head
end

-- Closing --------------------------------------------------------------------------------------------------------------

-- 附件：, 1., name: the names' lines begin under each other. The styles' indents are those of a Chinese list of few.
local function annex_list(div, zh)
  local blocks, numbered = pandoc.Blocks({}), #div.content > 1
  for index, block in ipairs(div.content) do
    local before, names = "", ""
    for _, inline in ipairs(block.content) do
      if inline.t == "Link" then
        local anchor = escaped(inline.target:gsub("^#", ""))
        names = names .. ('<w:hyperlink w:anchor="%s">%s</w:hyperlink>'):format(anchor, run(stringify(inline)))
      else
        before = before .. stringify(inline)
      end
    end
    local label, number = before:match("^(%D*)(.-)%s*$")
    local runs = run(label) .. (numbered and run(number) .. "<w:r><w:tab/></w:r>" or "") .. names
    local hanging, own = ems(label) + (numbered and ems(number) + 0.25 or 0), nil
    if not zh or index > 9 then
      local left = 2 + ems(stringify(div.content[1].content):match("^%D*")) + (numbered and ems(number) + 0.25 or 0)
      own = ('<w:ind w:left="%d" w:hanging="%d"/>'):format(left * CHARACTER // 1, hanging * CHARACTER // 1)
    end
    local style = index > 1 and "AnnexListNext" or numbered and "AnnexList" or "AnnexListOne"
    blocks:insert(xml(paragraph(style, runs, own)))
  end
  return blocks
end

-- Unsealed: the issuer two characters from the right, the date's first character two to the right of the issuer's, or
-- the date two from the right where it is longer. Sealed: the date four from the right, the issuer over its middle.
local function signature(div)
  local issuer, date = stringify(div.content[1]), stringify(div.content[2])
  local long, short, sealed = ems(issuer), ems(date), div.classes:includes("sealed")
  local start = short > long and short + 4 or long + 2
  local middle = math.max(4 + short / 2, long / 2)
  local right = sealed and { middle - long / 2, middle - short / 2 } or { start - long, start - 2 - short }
  local blocks = pandoc.Blocks({})
  for index, text in ipairs({ issuer, date }) do
    local indent = ('<w:ind w:right="%d"/>'):format(math.floor(right[index] * CHARACTER))
    blocks:insert(xml(paragraph(index == 1 and (sealed and "Sealed" or "Signature") or "Date", run(text), indent)))
  end
  return blocks
end

-- 版记: at the foot of the last page; after a turned annex, of an even page of its own. A frame to each part.
local function imprint(meta)
  local parts, high = {}, 431
  local function given(name)
    return meta[name] and stringify(meta[name]) or ""
  end
  if meta["copies-to"] then
    local copies = given("copies-label") .. given("copies-to")
    table.insert(parts, { runs = run(copies), lines = math.ceil(ems(copies) * 280 / (ACROSS - 560)) })
  end
  if meta["printed-by"] and not meta.letter then
    table.insert(parts, { runs = run(given("printed-by")) .. "<w:r><w:tab/></w:r>" .. run(given("printed-on")), lines = 1 })
  end
  local blocks, foot = pandoc.Blocks({}), 14854 -- 262 mm from the head of the sheet
  for index = #parts, 1, -1 do
    local part, rule = parts[index], '<w:%s w:val="single" w:sz="%d" w:space="0" w:color="000000"/>'
    foot = foot - part.lines * high
    local rules = (index == 1 and rule:format("top", 8) or "") .. rule:format("bottom", index == #parts and 8 or 6)
    local layout = frame(ACROSS, "page", ('w:x="1588" w:y="%d"'):format(foot))
      .. (meta.letter and "" or "<w:pBdr>" .. rules .. "</w:pBdr>")
      .. ('<w:tabs><w:tab w:val="right" w:pos="%d"/></w:tabs>'):format(ACROSS - 280)
    blocks:insert(1, xml(paragraph("Imprint", part.runs, layout)))
  end
  if #parts > 0 then
    blocks:insert(unseen())
  end
  return blocks
end

-- Figures --------------------------------------------------------------------------------------------------------------

-- At most 150 mm wide and 45 % of a page high, as in the PDF; higher, so that letters are not smaller than 7 pt.
local function fit(image)
  local file = io.open(image.src, "rb")
  local header, wide, high = file and file:read(400) or "", nil, nil
  if file then
    file:close()
  end
  if header:sub(2, 4) == "PNG" then
    wide, high = string.unpack(">I4I4", header, 17)
    wide, high = wide / 3, high / 3 -- as display/draughtsman.py makes them
  else
    wide, high = header:match('<svg[^>]* width="([%d.]+)'), header:match('<svg[^>]* height="([%d.]+)')
  end
  if wide and high then
    local width = math.min(150, 200 * wide / high, math.max(101 * wide / high, 0.19 * wide))
    image.attributes.width, image.attributes.height = ("%.1fmm"):format(width), nil
  end
  return image
end

local function figure(block)
  local image = #block.content == 1 and block.content[1]
  if image and image.t == "Image" then
    return styled("图", { fit(image) }), false
  end
end

local function above_drawing(div)
  local style = div.classes:includes("chart-title") and "图上标题" or div.classes:includes("chart-subtitle") and "图上说明"
  div.attributes["custom-style"] = style or div.attributes["custom-style"]
  return style and div
end

-- Quarto puts a numbered figure into a frame of a table's, its caption in a form of its own.
local function unframed(tbl)
  local row = #tbl.head.rows == 0 and #tbl.bodies == 1 and #tbl.bodies[1].body == 1 and tbl.bodies[1].body[1]
  if not row or #row.cells ~= 1 or not stringify(row.cells[1].contents):find("^") then
    return nil
  end
  local has_image = false
  local content = row.cells[1].contents:walk({
    Image = function()
      has_image = true
    end,
  })
  if not has_image then
    return nil
  end
  return content:walk({
    Para = function(block)
      local first = block.content[1]
      if first and first.t == "RawInline" and first.format == "openxml" then
        return styled("caption", { table.unpack(block.content, 2) })
      end
      return figure(block)
    end,
    Plain = figure,
    Div = function(div)
      return above_drawing(div) or nil
    end,
  })
end

-- Tables ---------------------------------------------------------------------------------------------------------------

local MARGIN, LONGEST = 80, 12 -- beside the text of a cell; longer words take further lines

local function text_of(cell)
  return stringify(cell.contents)
end

local function runs_of(cell, look)
  local inlines, plain = pandoc.utils.blocks_to_inlines(cell.contents), true
  inlines:walk({
    Inline = function(inline)
      plain = plain and (inline.t == "Str" or inline.t == "Space" or inline.t == "SoftBreak")
    end,
  })
  if plain then
    return run(text_of(cell), look)
  end
  return (pandoc.write(pandoc.Pandoc({ pandoc.Plain(inlines) }), "openxml"):match("</w:pPr>(.*)</w:p>") or ""):gsub("^%s+", "")
end

-- What a column has to hold unbroken, and what its header would like.
local function needs(tbl, at)
  local header = text_of(tbl.head.rows[1].cells[at])
  local least = 2
  for word in header:gmatch("[%w%-%%%.]+") do
    least = math.max(least, ems(word))
  end
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      least = math.max(least, math.min(ems(text_of(row.cells[at])), LONGEST))
    end
  end
  local rest, unit = header:match("^(.-)(（.*)$")
  local wish = unit and math.max(ems(rest) / 2, ems(unit)) or ems(header) / 3
  return least, math.max(least, math.ceil(wish))
end

-- Columns that fill the page and break no figure; the size of the letters, in half-points, where it has to be smaller.
local function columns(tbl, across)
  local least, wish, needed, wished = {}, {}, 0, 0
  for at = 1, #tbl.colspecs do
    least[at], wish[at] = needs(tbl, at)
    needed, wished = needed + least[at], wished + wish[at]
  end
  local inside = across - #tbl.colspecs * 2 * MARGIN
  local size = math.max(13, math.min(21, math.floor(inside / needed / 10)))
  local room = inside / (size * 10)
  local widths, last = {}, across
  for at = 1, #tbl.colspecs do
    local share = room >= wished and wish[at] * room / wished
      or least[at] + (wish[at] - least[at]) * (room - needed) / math.max(wished - needed, 0.01)
    widths[at] = at == #tbl.colspecs and last or math.floor(share * size * 10 + 2 * MARGIN)
    last = last - widths[at]
  end
  return widths, size
end

-- Where the point of a column's figures stands from the left; nothing where all have as many decimals.
local function decimal_tab(tbl, at, width, size)
  local most, fewest = 0, math.huge
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      local whole, decimals = text_of(row.cells[at]):match("^[%-−+]?([%d,]+)%.?(%d*)%%?$")
      if whole then
        most, fewest = math.max(most, #decimals), math.min(fewest, #decimals)
      end
    end
  end
  if most > fewest then
    return math.floor(width - 2 * MARGIN - (most * 0.5 + 0.3) * size * 10)
  end
end

local function table_row(row, tbl, widths, size, tabs, high, kind, total)
  local cells = {}
  for at, cell in ipairs(row.cells) do
    local align = kind == "header" and "center" or tbl.colspecs[at][1] == "AlignRight" and "right" or "left"
    local tab = kind ~= "header" and tabs[at]
    local layout = tab and ('<w:tabs><w:tab w:val="decimal" w:pos="%d"/></w:tabs><w:jc w:val="left"/>'):format(tab)
      or ('<w:jc w:val="%s"/>'):format(align)
    local rule = total and ('<w:tcBorders><w:%s w:val="single" w:sz="10" w:space="0" w:color="000000"/></w:tcBorders>'):format(total) or ""
    local look = (total and '<w:rFonts w:eastAsia="黑体"/>' or "")
      .. (size < 21 and ('<w:sz w:val="%d"/><w:szCs w:val="%d"/>'):format(size, size) or "")
    table.insert(
      cells,
      ('<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>%s<w:vAlign w:val="center"/></w:tcPr>%s</w:tc>'):format(
        widths[at],
        rule,
        paragraph("TableText", runs_of(cell, look), layout)
      )
    )
  end
  local repeated = kind == "header" and "<w:tblHeader/>" or ""
  return ("<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val=\"%d\"/>"):format(high) .. repeated .. "</w:trPr>" .. table.concat(cells) .. "</w:tr>"
end

local function table_xml(tbl, across, name, totals)
  local widths, size = columns(tbl, across)
  local tabs, grid, rows, high = {}, {}, {}, across == TURNED and 390 or 450
  for at, width in ipairs(widths) do
    tabs[at] = tbl.colspecs[at][1] == "AlignRight" and decimal_tab(tbl, at, width, size)
    grid[at] = ('<w:gridCol w:w="%d"/>'):format(width)
  end
  for _, row in ipairs(tbl.head.rows) do
    table.insert(rows, table_row(row, tbl, widths, size, tabs, high, "header"))
  end
  for _, body in ipairs(tbl.bodies) do
    for index, row in ipairs(body.body) do
      local total = totals[text_of(row.cells[1])] and (index == 1 and "bottom" or "top")
      table.insert(rows, table_row(row, tbl, widths, size, tabs, high, "body", total))
    end
  end
  return ('<w:tbl><w:tblPr><w:tblStyle w:val="Table"/><w:tblW w:w="%d" w:type="dxa"/><w:tblLayout w:type="fixed"/>'):format(across)
    .. ('<w:tblLook w:val="00A0" w:firstRow="1" w:firstColumn="1"/><w:tblCaption w:val="%s"/></w:tblPr>'):format(escaped(name))
    .. "<w:tblGrid>" .. table.concat(grid) .. "</w:tblGrid>" .. table.concat(rows) .. "</w:tbl>"
end

-- The whole ------------------------------------------------------------------------------------------------------------

local NOTICES = { draft = true, synthetic = true, translation = true, reconstruction = true }

-- Issuer and date stand on no page without text.
local function keep_with_closing(blocks)
  for index = 2, #blocks do
    local block, before = blocks[index], blocks[index - 1]
    if block.t == "Div" and (block.classes:includes("annex-list") or block.classes:includes("signature")) then
      if before.t == "Para" then
        blocks[index - 1] = styled("正文末段", before.content)
      end
      return
    end
  end
end

local function body_of(doc)
  local turned, first, name = false, true, stringify(doc.meta.title)
  local totals = {}
  for _, total in ipairs(doc.meta.totals or {}) do
    totals[stringify(total)] = true
  end
  local body = doc.blocks:walk({
    traverse = "topdown",
    Header = function(header)
      if not header.classes:includes("annex") then
        return nil
      end
      local label, title, blocks = nil, pandoc.Inlines({}), pandoc.Blocks({})
      for _, inline in ipairs(header.content) do
        if inline.t == "Span" and inline.classes:includes("annex-label") then
          label = inline.content
        elseif #title > 0 or inline.t ~= "Space" then
          title:insert(inline)
        end
      end
      local wide = header.classes:includes("wide")
      if wide ~= turned then
        blocks:insert(unseen(section(doc.meta, turned, first)))
        turned, first = wide, false
      end
      name = stringify(title)
      blocks:extend({ styled("附件序号", label or title), styled("附件标题", title, header.identifier) })
      return blocks, false
    end,
    Div = function(div)
      for class in pairs(NOTICES) do
        if div.classes:includes(class) then
          div.attributes["custom-style"] = "提示"
          return div, false
        end
      end
      if above_drawing(div) then
        return div, false
      elseif div.classes:includes("annex-note") then
        div.attributes["custom-style"] = "附件注"
        return div, false
      elseif div.classes:includes("annex-list") then
        return annex_list(div, is_chinese(doc.meta)), false
      elseif div.classes:includes("signature") then
        return signature(div), false
      end
    end,
    Para = figure,
    Plain = figure,
    Table = function(tbl)
      local framed = unframed(tbl)
      if framed then
        return framed, false
      elseif #tbl.head.rows == 0 then
        return nil
      end
      return { xml(table_xml(tbl, turned and TURNED or ACROSS, name, totals)), unseen() }, false
    end,
  })
  local foot = imprint(doc.meta)
  if turned and #foot > 0 then
    body:insert(unseen(section(doc.meta, true, first)))
    return body .. foot, section(doc.meta, false, false, true)
  end
  return body .. foot, section(doc.meta, turned, first)
end

return {
  {
    Pandoc = function(doc)
      if not doc.meta.issuer then
        return nil
      end
      keep_with_closing(doc.blocks)
      local body, last = body_of(doc)
      doc.meta["last-section"] = pandoc.MetaBlocks({ xml(last) })
      doc.meta.author = doc.meta.issuer
      return pandoc.Pandoc(head_of(doc.meta) .. body, doc.meta)
    end,
  },
}
