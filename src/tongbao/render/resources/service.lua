-- Makes Pandoc go on converting: each line of its input is an order in JSON, each answer a line beginning with \1.
-- It is run as a filter of an empty document, which is done when the input ends. What Pandoc's command line does beside
-- reading, filters and writing, is done here in the same way.

local utils, system = pandoc.utils, pandoc.system

local function file(name)
  local opened = assert(io.open(name, "rb"))
  local text = opened:read("a")
  opened:close()
  return text
end

-- `--shift-heading-level-by`: a first heading of level 0 is the title, others are paragraphs.
local function shifted(doc, by)
  local blocks = doc.blocks
  while by < 0 and blocks[1] and blocks[1].t == "Header" and blocks[1].level + by == 0 do
    doc.meta.title = blocks[1].content
    blocks:remove(1)
  end
  doc.blocks = blocks
  return by == 0 and doc or doc:walk {
    Header = function(header)
      if header.level + by < 1 then
        return pandoc.Para(header.content)
      end
      header.level = header.level + by
      return header
    end,
  }
end

local function is_wide(character)
  return character ~= "" and pandoc.layout.real_length(character) == 2
end

-- The extension `east_asian_line_breaks`: no space where a line ends between two wide characters.
local function joined(doc)
  local breaks = false
  doc:walk {
    SoftBreak = function()
      breaks = true
    end,
  }
  return not breaks and doc or doc:walk {
    Inlines = function(inlines)
      for place = #inlines - 1, 2, -1 do
        if inlines[place].t == "SoftBreak" then
          local before, after = utils.stringify(inlines[place - 1]), utils.stringify(inlines[place + 1])
          local last, second = utf8.offset(before, -1), utf8.offset(after, 2)
          if is_wide(last and before:sub(last) or "") and is_wide(after:sub(1, second and second - 1)) then
            inlines:remove(place)
          end
        end
      end
      return inlines
    end,
  }
end

local function filtered(doc, order, options)
  for _, path in ipairs(order.filters) do
    local own = { FORMAT = order.to, PANDOC_SCRIPT_FILE = path, PANDOC_WRITER_OPTIONS = options }
    doc = utils.run_lua_filter(doc, path, setmetatable(own, { __index = _G }))
  end
  return doc
end

-- A template is compiled once for all pages that are set in the same one, its partials included.
local compiled = {}

local function template(path)
  local folder, all = pandoc.path.directory(path), { file(path) }
  for _, name in ipairs(system.list_directory(folder)) do
    table.insert(all, name .. "\0" .. (file(pandoc.path.join({ folder, name })) or "")) -- nothing of a folder
  end
  local text = table.concat(all, "\0")
  compiled[text] = compiled[text] or pandoc.template.compile(all[1], path)
  return compiled[text]
end

local function convert(order)
  local options = order.options
  options.highlight_method = "default"
  if order.template then
    options.template = template(order.template)
  end
  options = pandoc.WriterOptions(options)
  local doc = pandoc.read(order.text, order.from)
  for name, value in pairs(order.metadata) do
    doc.meta[name] = value
  end
  doc = filtered(joined(shifted(doc, order.shift)), order, options)
  local made = assert(io.open(order.output, "wb"))
  assert(made:write(pandoc.write(doc, order.to, options)))
  assert(made:close())
end

-- No global: filters that are run would take it for their own.
local function serve(doc)
  for line in io.lines() do
    local order = pandoc.json.decode(line, false)
    local environment = system.environment()
    environment.SOURCE_DATE_EPOCH = order.epoch
    local ok, problem = pcall(system.with_environment, environment, function()
      return system.with_working_directory(order.folder, function()
        return convert(order)
      end)
    end)
    io.write("\1", pandoc.json.encode({ problem = not ok and tostring(problem) or nil }), "\n")
    io.flush()
    collectgarbage()
  end
  return doc
end

return { { Pandoc = serve } }
