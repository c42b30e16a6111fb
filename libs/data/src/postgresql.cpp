#include <algorithm>
#include <memory>

#include "libpq.hpp"
#include "vajrapulse/data/query.hpp"

namespace vajrapulse::data {
namespace {

constexpr int kPrimaryMessage = 'M';  // PG_DIAG_MESSAGE_PRIMARY

/// The passwords that a connection string holds, so that no message shows them.
class Secrets {
 public:
  static Expected<Secrets> of(const Libpq& pq, const std::string& connection) {
    char* error = nullptr;
    Libpq::Option* const options = pq.parse(connection.c_str(), &error);
    if (error) pq.free_memory(error);  // it quotes the string, and a password in it
    if (!options)
      return fail(kUsage, "the connection string of PostgreSQL cannot be read",
                  "write postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with %XX for letters such as @ / : % in it");
    Secrets secrets;
    for (const Libpq::Option* option = options; option->keyword; ++option) {
      const std::string_view keyword(option->keyword);
      if (option->value && option->value[0] != '\0' && (keyword == "password" || keyword == "sslpassword"))
        secrets.values_.emplace_back(option->value);
    }
    pq.free_options(options);
    return secrets;
  }

  /// One line without secrets.
  [[nodiscard]] std::string clean(std::string text) const {
    while (!text.empty() && text.back() == '\n')
      text.pop_back();
    std::ranges::replace(text, '\n', ' ');
    for (const std::string& secret : values_)
      for (std::size_t at = 0; (at = text.find(secret, at)) != text.npos; at += 3)
        text.replace(at, secret.size(), "***");
    return text;
  }

 private:
  std::vector<std::string> values_;
};

class Session {
 public:
  Session(const Libpq& pq, Secrets secrets, const std::string& connection) : pq_(pq), secrets_(std::move(secrets)) {
    // What comes later wins: the string's own words over ours.
    const char* const keywords[] = {"connect_timeout", "fallback_application_name", "dbname", nullptr};
    const char* const values[] = {"10", "vajrapulse", connection.c_str(), nullptr};
    connection_ = pq_.connect(keywords, values, 1);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { pq_.finish(connection_); }

  Status begin() {
    if (pq_.status(connection_) != Libpq::kConnectionOk)
      return fail(kUsage, "cannot reach PostgreSQL: " + secrets_.clean(pq_.error_message(connection_)),
                  "check the connection string and that the server runs");
    const Answer begun(pq_, pq_.execute(connection_,
                                        "SET client_encoding = 'UTF8'; BEGIN READ ONLY; "
                                        "SET LOCAL statement_timeout = '60s'"));
    return begun.failed() ? refuse(begun) : Status{};
  }

  Status query(const std::string& sql, const RowSink& sink) {
    // The extended protocol takes one statement, so that none can end the transaction and go on. Rows come one by one:
    // libpq would keep all of them.
    if (!pq_.send(connection_, sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) ||
        !pq_.set_single_row_mode(connection_))
      return fail(kUsage, "PostgreSQL: " + secrets_.clean(pq_.error_message(connection_)));
    bool first = true;
    while (true) {
      const Answer answer(pq_, pq_.get_result(connection_));
      if (!answer.result) return {};
      if (answer.failed()) return refuse(answer);
      if (first) {
        if (auto taken = hand_on_names(answer, sink); !taken) return taken;
        first = false;
      }
      if (auto taken = hand_on_rows(answer, sink); !taken) return taken;
    }
  }

 private:
  struct Answer {
    Answer(const Libpq& of, Libpq::Result* taken) : pq(of), result(taken) {}
    Answer(const Answer&) = delete;
    Answer& operator=(const Answer&) = delete;
    ~Answer() {
      if (result) pq.clear(result);
    }
    [[nodiscard]] bool failed() const { return pq.result_error_field(result, kPrimaryMessage) != nullptr; }
    const Libpq& pq;
    Libpq::Result* result;
  };

  [[nodiscard]] Status refuse(const Answer& answer) const {
    return fail(kUsage, "PostgreSQL: " + secrets_.clean(pq_.result_error_field(answer.result, kPrimaryMessage)),
                "try the query in psql");
  }

  Status hand_on_names(const Answer& answer, const RowSink& sink) {
    const int status = pq_.result_status(answer.result);
    const int width = pq_.columns(answer.result);
    if ((status != Libpq::kTuplesOk && status != Libpq::kSingleTuple) || width == 0)
      return fail(kUsage, "PostgreSQL: the query gives no rows", "write one SELECT");
    std::vector<std::string> names;
    for (int i = 0; i < width; ++i)
      names.emplace_back(pq_.column_name(answer.result, i));
    fields_.resize(std::size_t(width));
    return sink.columns(std::move(names));
  }

  Status hand_on_rows(const Answer& answer, const RowSink& sink) {
    for (int row = 0; row < pq_.rows(answer.result); ++row) {
      for (int i = 0; i < int(fields_.size()); ++i) {
        std::string_view field(pq_.value(answer.result, row, i), std::size_t(pq_.length(answer.result, row, i)));
        if (pq_.column_type(answer.result, i) == Libpq::kBooleanType && !field.empty())
          field = field == "t" ? "true" : "false";
        fields_[std::size_t(i)] = field;
      }
      if (auto taken = sink.row(fields_); !taken) return taken;
    }
    return {};
  }

  const Libpq& pq_;
  Secrets secrets_;
  Libpq::Connection* connection_ = nullptr;
  std::vector<std::string_view> fields_;
};

class Postgresql final : public QuerySource {
 public:
  explicit Postgresql(std::string connection) : connection_(std::move(connection)) {}

  Status read(const std::string& sql, const RowSink& sink) override {
    auto pq = Libpq::load("libpq.so.5");
    if (!pq) return std::unexpected(std::move(pq.error()));
    auto secrets = Secrets::of(*pq, connection_);
    if (!secrets) return std::unexpected(std::move(secrets.error()));
    Session session(*pq, std::move(*secrets), connection_);
    if (auto begun = session.begin(); !begun) return begun;
    return session.query(sql, sink);
  }

  [[nodiscard]] std::string_view name() const override { return "postgresql"; }

 private:
  std::string connection_;
};

}  // namespace

std::shared_ptr<QuerySource> postgresql_source(std::string connection) {
  return std::make_shared<Postgresql>(std::move(connection));
}

}  // namespace vajrapulse::data
