// multipart/form-data (RFC 7578).
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "body_text.hpp"
#include "vajrapulse/http/head.hpp"

namespace vajrapulse::http_plan {
namespace {

using document::Node;
using plan::Compiler;

constexpr std::size_t kFileMost = 64 * 1024 * 1024;

/// One part: what stands before its content, and the content.
struct Part {
  std::string head;
  std::optional<plan::Template> value;
  std::string file;
};

/// Names as browsers write them (WHATWG HTML, multipart/form-data encoding): quotes and line ends percent-encoded.
std::string quoted(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"')
      out += "%22";
    else if (c == '\r')
      out += "%0D";
    else if (c == '\n')
      out += "%0A";
    else
      out += c;
  }
  return out + "\"";
}

std::string media_type_of(std::string_view path) {
  constexpr std::array<std::array<std::string_view, 2>, 12> kKnown = {{{".json", "application/json"},
                                                                       {".xml", "application/xml"},
                                                                       {".txt", "text/plain"},
                                                                       {".csv", "text/csv"},
                                                                       {".html", "text/html"},
                                                                       {".pdf", "application/pdf"},
                                                                       {".png", "image/png"},
                                                                       {".jpg", "image/jpeg"},
                                                                       {".jpeg", "image/jpeg"},
                                                                       {".gif", "image/gif"},
                                                                       {".svg", "image/svg+xml"},
                                                                       {".zip", "application/zip"}}};
  for (const auto& [ending, type] : kKnown) {
    if (path.size() > ending.size() && http::same_text(path.substr(path.size() - ending.size()), ending))
      return std::string(type);
  }
  return "application/octet-stream";
}

/// The bytes of the file that `node` names; empty, and reported, when there are none to be had.
std::string read_file(const Node& node, const Files& files, Compiler& compiler, std::string* path = nullptr) {
  const auto name = compiler.known(node, "the name of a file");
  if (!name) return {};
  if (path) *path = *name;
  if (!files.read) {
    compiler.error(node.place, "files cannot be read here", "write the body itself, under body:");
    return {};
  }
  auto bytes = files.read(*name);
  if (!bytes) {
    compiler.error(node.place, bytes.error().message, bytes.error().cure);
    return {};
  }
  if (bytes->size() > kFileMost) {
    compiler.error(node.place, "'" + *name + "' is larger than 64 MiB, which no body may be", "use a smaller file");
    return {};
  }
  return std::move(*bytes);
}

std::optional<std::string> known_line(const Node* node, std::string_view what, Compiler& compiler) {
  if (!node) return std::nullopt;
  auto text = compiler.known(*node, what);
  if (text && text->find_first_of("\r\n") != text->npos) {
    compiler.error(node->place, std::string(what) + " cannot hold a line end", "write it in one line");
    return std::nullopt;
  }
  return text;
}

/// What of a part says what it is.
Part part_of(std::string_view name, const Node& node, const Files& files, Compiler& compiler) {
  Part part;
  part.head = "Content-Disposition: form-data; name=" + quoted(name);
  if (node.kind != Node::Kind::map) {
    part.value = node.kind == Node::Kind::null ? plan::Template() : compiler.text(node);
    return part;
  }
  for (const document::Entry& entry : node.entries) {
    constexpr std::array<std::string_view, 4> kKeys = {"value", "file", "filename", "content-type"};
    if (std::ranges::find(kKeys, entry.key) == kKeys.end())
      compiler.error(entry.place, "'" + entry.key + "' is no key of a part",
                     "its keys are value, file, filename, content-type");
  }
  const Node* const file = node.find("file");
  const Node* const value = node.find("value");
  if ((file != nullptr) == (value != nullptr)) {
    compiler.error(node.place, "a part is a value or a file", "write { value: text } or { file: photo.jpg }");
    return part;
  }
  auto filename = known_line(node.find("filename"), "a file name", compiler);
  auto type = known_line(node.find("content-type"), "a content-type", compiler);
  if (file) {
    std::string path;
    part.file = read_file(*file, files, compiler, &path);
    if (!filename) filename = path.substr(path.find_last_of('/') + 1);
    if (!type) type = media_type_of(path);
  } else {
    part.value = compiler.text(*value);
  }
  if (filename) part.head += "; filename=" + quoted(*filename);
  if (type) part.head += "\r\nContent-Type: " + *type;
  return part;
}

bool occurs(const std::vector<Part>& parts, const std::string& boundary) {
  return std::ranges::any_of(parts, [&](const Part& part) {
    const bool in_value = part.value && part.value->text().find(boundary) != std::string::npos;
    return in_value || part.file.find(boundary) != std::string::npos || part.head.find(boundary) != std::string::npos;
  });
}

/// One that occurs in none of the parts, the same for the same parts.
std::string boundary_for(const std::vector<Part>& parts) {
  for (std::uint64_t turn = 0;; ++turn) {
    std::string boundary = "vajrapulse-boundary-" + std::to_string(turn);
    if (!occurs(parts, boundary)) return boundary;
  }
}

}  // namespace

Body multipart_body(const Node& fields, const Files& files, Compiler& compiler) {
  Body body;
  if (fields.kind != Node::Kind::map) {
    compiler.wrong_kind(fields, "multipart", "a map of names and values",
                        "write for example { photo: { file: me.jpg } }");
    return body;
  }
  std::vector<Part> parts;
  for (const document::Entry& entry : fields.entries) {
    const bool several = entry.value.kind == Node::Kind::list;
    for (const Node& value : several ? entry.value.items : std::vector<Node>{entry.value})
      parts.push_back(part_of(entry.key, value, files, compiler));
  }
  const std::string boundary = boundary_for(parts);
  body.content_type = "multipart/form-data; boundary=" + boundary;
  body.text.guard(boundary);
  for (Part& part : parts) {
    body.text.constant("--" + boundary + "\r\n" + part.head + "\r\n\r\n");
    body.text.constant(part.file);
    if (part.value) body.text.filled(std::move(*part.value));
    body.text.constant("\r\n");
  }
  body.text.constant("--" + boundary + "--\r\n");
  return body;
}

Body file_body(const Node& path, const Files& files, Compiler& compiler) {
  Body body{.text = {}, .content_type = {}, .own_type = false};
  std::string name;
  body.text.constant(read_file(path, files, compiler, &name));
  body.content_type = media_type_of(name);
  return body;
}

}  // namespace vajrapulse::http_plan
