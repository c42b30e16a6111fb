#include "shared_shape.hpp"

#include <cstddef>
#include <cstdint>

#include "vajrapulse/schema/object.hpp"

namespace vajrapulse::plan {

schema::Shape<SharedPlan> shared_shape() {
  using namespace schema;
  constexpr std::int64_t kMost = 1'000'000;
  return object<SharedPlan>("shared value",
                            "What iterations leave for each other: `publish` puts in, `take` takes out.")
      .sample("{ kind: queue, size: 1000 }")
      .field("kind", &SharedPlan::kind,
             choice<SharedKind>("kind of shared value",
                                {{"value", SharedKind::value, "the latest one, for everybody"},
                                 {"queue", SharedKind::queue, "each is taken once, the oldest first"},
                                 {"list", SharedKind::list, "one at random is taken, and stays"}}),
             "Who gets which.")
      .required()
      .example("queue")
      .field("size", &SharedPlan::size, integer<std::size_t>(1, kMost),
             "How many values there can be; and all their texts together have 64 MiB.")
      .when("kind", {"queue", "list"})
      .fallback("1000")
      .field("on-full", &SharedPlan::on_full,
             choice<OnFull>("way to be full", {{"drop-oldest", OnFull::drop_oldest, "the oldest makes room"},
                                               {"drop-newest", OnFull::drop_newest, "what comes is not kept"},
                                               {"fail", OnFull::fail, "the iteration that publishes fails"}}),
             "What happens to one more.")
      .when("kind", {"queue", "list"})
      .fallback("drop-oldest");
}

}  // namespace vajrapulse::plan
