-- After Quarto's render. Pages: take out the libraries it links from a content network for notebooks with HTML outputs;
-- they use neither, and a bulletin asks nothing of any other host. PDF: the first cell of each row is tagged as its
-- header, which Typst has no stable word for; the length stays, so that no place in the file moves.
local SCRIPT = '<script src="https://[^"]*"[^>]*></script>\n?'
local FIRST_CELL = "/S/TD(/P %d+ 0 R/A%[<</O/Table)(/Headers%[[^%]]-x0y%d+%)%])"

local function as_header(before, headers)
  local scope = "/Scope/Row"
  return "/S/TH" .. before .. scope .. (" "):rep(#headers - #scope)
end

for path in (os.getenv("QUARTO_PROJECT_OUTPUT_FILES") or ""):gmatch("[^\r\n]+") do
  local is_page = path:match("%.html$")
  if is_page or path:match("%.pdf$") then
    local file = assert(io.open(path, "rb"))
    local text = file:read("a")
    file:close()
    local mended, count
    if is_page then
      mended, count = text:gsub(SCRIPT, "")
    else
      mended, count = text:gsub(FIRST_CELL, as_header)
    end
    if count > 0 then
      file = assert(io.open(path, "wb"))
      file:write(mended)
      file:close()
    end
  end
end
