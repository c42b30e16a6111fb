#include "libpq.hpp"

#include <dlfcn.h>

namespace vajrapulse::data {
namespace {

template <class Function>
bool find(void* library, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(::dlsym(library, name));
  return function != nullptr;
}

}  // namespace

Expected<Libpq> Libpq::load(const char* name) {
  // Never closed: it keeps state of its own for the process.
  void* const library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
  constexpr const char* kCure = "install PostgreSQL's client library: apt install libpq5, or dnf install libpq";
  if (!library)
    return fail(kUsage, "a query of PostgreSQL needs " + std::string(name) + ", which is not installed", kCure);
  Libpq pq;
  const bool all = find(library, "PQconnectdbParams", pq.connect) && find(library, "PQfinish", pq.finish) &&
                   find(library, "PQstatus", pq.status) && find(library, "PQerrorMessage", pq.error_message) &&
                   find(library, "PQconninfoParse", pq.parse) && find(library, "PQconninfoFree", pq.free_options) &&
                   find(library, "PQfreemem", pq.free_memory) && find(library, "PQexec", pq.execute) &&
                   find(library, "PQsendQueryParams", pq.send) &&
                   find(library, "PQsetSingleRowMode", pq.set_single_row_mode) &&
                   find(library, "PQgetResult", pq.get_result) && find(library, "PQresultStatus", pq.result_status) &&
                   find(library, "PQresultErrorField", pq.result_error_field) && find(library, "PQntuples", pq.rows) &&
                   find(library, "PQnfields", pq.columns) && find(library, "PQfname", pq.column_name) &&
                   find(library, "PQftype", pq.column_type) && find(library, "PQgetvalue", pq.value) &&
                   find(library, "PQgetlength", pq.length) && find(library, "PQclear", pq.clear);
  if (!all) return fail(kUsage, std::string(name) + " is too old for a query of PostgreSQL", kCure);
  return pq;
}

}  // namespace vajrapulse::data
