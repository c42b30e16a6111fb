#pragma once

#include <memory>

#include "vajrapulse/extract/reader.hpp"
#include "vajrapulse/plan/answer.hpp"
#include "vajrapulse/plan/compiler.hpp"
#include "vajrapulse/plan/moment.hpp"

namespace vajrapulse::plan {

/// `expect`: what an answer has to be for a step to have succeeded.
///
///   status: 200 | [200, 201] | 2xx | 200..299     any of them
///   header: { location: /cart, etag: { matches: '^"' }, x-debug: null }       null: it must not be there
///   cookie: { sid: { matches: '^[0-9a-f]+$' } }   one that this answer sets
///   body: { contains: welcome, not-contains: error, matches: 'id=[0-9]+', equals: ok, empty: false }; a text: contains
///   json: { $.status: paid, $.total: "> 10", $.items[*]: { count: "> 0" }, $.token: { exists: true }, $.error: null }
///   xpath: { //order/@id: "17" }
///   css: { h1: { contains: Welcome } }
///   size: "< 10KB"
///   time: "< 200ms"
///
/// What a value has to be is a text (with placeholders), which it equals; a comparison, "< 10", ">= 10", "10..20"; or a
/// map of equals, not, contains, not-contains, matches (RE2, anywhere in it), exists, empty and, of what paths and
/// selectors find, count. What the answer holds is data and never part of a template or expression.
class Checks {
 public:
  /// Nothing is expected; the protocol's own rule says what a failure is.
  Checks();
  ~Checks();
  Checks(Checks&&) noexcept;
  Checks& operator=(Checks&&) noexcept;

  /// Reports what is wrong to the compiler; what is right is in the result all the same.
  static Checks compile(const document::Node& expect, Compiler& compiler);

  [[nodiscard]] bool empty() const noexcept;
  /// What has to be kept of an answer for `verify`.
  [[nodiscard]] Keeps keeps() const noexcept;
  /// The plan says which statuses are good: the protocol's own rule is off.
  [[nodiscard]] bool judge_status() const noexcept;

  /// Success, or the first thing that is not as expected: kind `expectation`, "status was 500, not 200". Secrets are
  /// masked. When `keeps` is body, `reader` is reading the answer's body.
  [[nodiscard]] Result verify(const Answer& answer, Moment& moment, extract::Reader& reader) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace vajrapulse::plan
