#pragma once

#include <memory>

#include "vajrapulse/base/error.hpp"

namespace vajrapulse::data {

/// The functions of libpq.so.5 that a query needs (PostgreSQL documentation, chapter 34), found when first asked for.
struct Libpq {
  struct Connection;
  struct Result;
  struct Option {
    char* keyword;
    char* environment;
    char* compiled;
    char* value;
    char* label;
    char* display;
    int display_size;
  };
  static constexpr int kConnectionOk = 0;
  static constexpr int kTuplesOk = 2;
  static constexpr int kSingleTuple = 9;
  static constexpr unsigned kBooleanType = 16;  ///< pg_type.oid of bool

  Connection* (*connect)(const char* const* keywords, const char* const* values, int expand) = nullptr;
  void (*finish)(Connection*) = nullptr;
  int (*status)(const Connection*) = nullptr;
  char* (*error_message)(const Connection*) = nullptr;
  Option* (*parse)(const char* connection, char** error) = nullptr;
  void (*free_options)(Option*) = nullptr;
  void (*free_memory)(void*) = nullptr;
  Result* (*execute)(Connection*, const char* sql) = nullptr;
  int (*send)(Connection*, const char* sql, int, const unsigned*, const char* const*, const int*, const int*,
              int) = nullptr;
  int (*set_single_row_mode)(Connection*) = nullptr;
  Result* (*get_result)(Connection*) = nullptr;
  int (*result_status)(const Result*) = nullptr;
  char* (*result_error_field)(const Result*, int field) = nullptr;
  int (*rows)(const Result*) = nullptr;
  int (*columns)(const Result*) = nullptr;
  char* (*column_name)(const Result*, int column) = nullptr;
  unsigned (*column_type)(const Result*, int column) = nullptr;
  char* (*value)(const Result*, int row, int column) = nullptr;
  int (*length)(const Result*, int row, int column) = nullptr;
  void (*clear)(Result*) = nullptr;

  /// Fails (kUsage) when the library is not there. `name` is "libpq.so.5".
  static Expected<Libpq> load(const char* name);
};

}  // namespace vajrapulse::data
