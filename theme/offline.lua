-- After Quarto's render: take out the libraries it links from a content network for notebooks with HTML outputs.
-- The pages use neither, and a bulletin asks nothing of any other host.
local SCRIPT = '<script src="https://[^"]*"[^>]*></script>\n?'

for path in (os.getenv("QUARTO_PROJECT_OUTPUT_FILES") or ""):gmatch("[^\r\n]+") do
  if path:match("%.html$") then
    local file = assert(io.open(path, "rb"))
    local page = file:read("a")
    file:close()
    local offline, count = page:gsub(SCRIPT, "")
    if count > 0 then
      file = assert(io.open(path, "wb"))
      file:write(offline)
      file:close()
    end
  end
end
