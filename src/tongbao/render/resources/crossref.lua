-- Numbered figures and tables and the references to them, as Quarto makes them: {#fig-x} and @fig-x.

local WORDS = {
  zh = { fig = "图", tbl = "表" },
  en = { fig = "Figure", tbl = "Table" },
}
local NBSP = "\u{a0}"

local words = WORDS.zh
local numbers = {}

local function kind_of(identifier)
  return identifier:match("^(fig)%-.") or identifier:match("^(tbl)%-.")
end

local function name_of(identifier)
  return words[kind_of(identifier)] .. NBSP .. tostring(numbers[identifier])
end

local function number_floats(doc)
  local counts = { fig = 0, tbl = 0 }
  doc:walk({
    Div = function(div)
      local kind = kind_of(div.identifier)
      if kind then
        counts[kind] = counts[kind] + 1
        numbers[div.identifier] = counts[kind]
      end
    end,
  })
end

local function float(div)
  if not kind_of(div.identifier) then
    return nil
  end
  local caption = pandoc.utils.blocks_to_inlines({ div.content:remove() })
  local content = div.content
  if FORMAT:match("typst") then
    local kind = kind_of(div.identifier) == "fig" and "image" or "table"
    local blocks = pandoc.Blocks({ pandoc.RawBlock("typst", "#figure([") })
    blocks:extend(content)
    blocks:insert(pandoc.Plain(
      pandoc.Inlines({ pandoc.RawInline("typst", "], caption: [") })
        .. caption
        .. pandoc.Inlines({
          pandoc.RawInline(
            "typst",
            ("], kind: %s, supplement: [%s]) <%s>"):format(kind, words[kind_of(div.identifier)], div.identifier)
          ),
        })
    ))
    return blocks
  end
  local numbered = pandoc.Inlines({ pandoc.Str(name_of(div.identifier)), pandoc.Space() }) .. caption
  if FORMAT:match("html") then
    local blocks = pandoc.Blocks({ pandoc.RawBlock("html", ('<figure id="%s">'):format(div.identifier)) })
    blocks:extend(content)
    blocks:insert(pandoc.RawBlock("html", "<figcaption>"))
    blocks:insert(pandoc.Plain(numbered))
    blocks:insert(pandoc.RawBlock("html", "</figcaption>\n</figure>"))
    return blocks
  end
  content:insert(pandoc.Div({ pandoc.Para(numbered) }, pandoc.Attr(div.identifier, {}, { ["custom-style"] = "Caption" })))
  return content
end

local function reference(cite)
  local identifier = cite.citations[1].id
  if #cite.citations == 1 and numbers[identifier] then
    return pandoc.Link({ pandoc.Str(name_of(identifier)) }, "#" .. identifier)
  elseif kind_of(identifier) then
    error("no figure or table @" .. identifier .. " on this page")
  end
end

function Pandoc(doc)
  local lang = pandoc.utils.stringify(doc.meta.lang or "zh"):sub(1, 2)
  words = WORDS[lang] or WORDS.en
  number_floats(doc)
  return doc:walk({ Div = float, Cite = reference })
end
