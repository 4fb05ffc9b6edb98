-- One operation for wrk. Arguments: method, path, body ("" for none), number of items, first small project, number of
-- small projects, then headers as "Name: value".
-- In path, body and headers {item} is the id of a random item, {project} and {dataset} are a random small project and
-- its dataset, {unique} is a text that never comes twice.

local threads = 0
function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  method, path, body = args[1], args[2], args[3]
  items, first, small = tonumber(args[4]), tonumber(args[5]), tonumber(args[6])
  headers = {}
  for place = 7, #args do
    local name, value = args[place]:match("^(.-): (.*)$")
    headers[name], wrk.headers[name] = value, value
  end
  varies = (path .. body .. table.concat(args, " ", 7)):find("{%l+}")
  math.randomseed(os.time() * 16 + number)
  start, count = os.time() .. "-" .. math.random(1, 1e6) .. "-" .. number, 0
  if body ~= "" then wrk.headers["Content-Type"] = "application/json" end
  if not varies then fixed = wrk.format(method, path, nil, body ~= "" and body or nil) end
end

function request()
  if fixed then return fixed end
  count = count + 1
  local project = first + math.random(0, small - 1)
  local values = {
    item = string.format("01900000-0000-7000-9000-%012x", math.random(1, items)),
    project = tostring(project),
    dataset = string.format("01900000-0000-7000-8000-%012x", project),
    unique = start .. "-" .. count,
  }
  for name, value in pairs(headers) do wrk.headers[name] = value:gsub("{(%l+)}", values) end
  local filled_body = body ~= "" and body:gsub("{(%l+)}", values) or nil
  return wrk.format(method, (path:gsub("{(%l+)}", values)), nil, filled_body)
end

-- Times in microseconds. wrk counts an answer of 400 or more as an error of status.
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"requests": %d, "duration": %d, "p50": %d, "p99": %d, "slowest": %d, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
