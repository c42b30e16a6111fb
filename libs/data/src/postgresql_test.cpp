#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

#include "libpq.hpp"
#include "rows_of_test.hpp"

namespace vajrapulse::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// Where the distribution keeps PostgreSQL's server; empty when it is not installed.
std::string programs() {
  std::string newest;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", ignored)) {
    const std::string folder = entry.path().string() + "/bin";
    if (std::filesystem::exists(folder + "/initdb") && folder > newest) newest = folder;
  }
  return newest;
}

/// A PostgreSQL server of the test's own, reached through a socket in its folder only.
class Server {
 public:
  Server() {
    if (programs().empty()) {
      ADD_FAILURE() << "this test needs PostgreSQL's server: apt install postgresql";
      return;
    }
    // The server refuses to run as root.
    const passwd* const user = ::geteuid() == 0 ? ::getpwnam("postgres") : nullptr;
    as_user_ = user ? "runuser -u postgres -- " : "";
    const std::string password = folder_.write("password", "hidden word\n");
    if (user) {
      EXPECT_EQ(::chown(folder_.path("").c_str(), user->pw_uid, user->pw_gid), 0);
      EXPECT_EQ(::chown(password.c_str(), user->pw_uid, user->pw_gid), 0);
    }
    runs_ = run("initdb --no-sync --username=tester --auth=scram-sha-256 --encoding=UTF8 --locale=C --pwfile=" +
                folder_.path("password") + " --pgdata=" + folder_.path("data")) &&
            run("pg_ctl --wait --pgdata=" + folder_.path("data") + " --log=" + folder_.path("log") +
                " --options=\"-c listen_addresses='' -c fsync=off -k " + folder_.path("") + "\" start");
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() {
    if (runs_) (void)run("pg_ctl --wait --mode=immediate --pgdata=" + folder_.path("data") + " stop");
  }

  [[nodiscard]] bool runs() const { return runs_; }
  [[nodiscard]] std::string address(const std::string& password) const {
    return "postgresql://tester:" + password + "@/postgres?host=" + folder_.path("");
  }

 private:
  bool run(const std::string& command) {
    const std::string line =
        "cd / && " + as_user_ + programs() + "/" + command + " >" + folder_.path("output") + " 2>&1";
    if (std::system(line.c_str()) == 0) return true;
    std::ifstream output(folder_.path("output"));
    ADD_FAILURE() << line << "\n" << std::string(std::istreambuf_iterator<char>(output), {});
    return false;
  }

  Folder folder_;
  std::string as_user_;
  bool runs_ = false;
};

std::expected<std::shared_ptr<const Table>, Refusal> ask(const std::string& address, const std::string& sql,
                                                         Limits limits = {}) {
  return open({.kind = Kind::query, .source = *query_source(address), .sql = sql, .limits = limits});
}

std::string why(const std::string& address, const std::string& sql, Limits limits = {}) {
  auto table = ask(address, sql, limits);
  return table ? "" : table.error().summary().text();
}

TEST(Postgresql, AQueryReadsAndDoesNothingElse) {
  const Server server;
  if (!server.runs()) return;
  const std::string good = server.address("hidden%20word");

  auto table =
      ask(good,
          "SELECT i AS id, 'n''' || i AS name, i > 1 AS old, CASE WHEN i = 2 THEN 1.50 END AS balance, '名' AS x "
          "FROM generate_series(1, 3) AS i ORDER BY i");
  EXPECT_THAT(rows_of(table),
              ElementsAre(Fields{"1", "n'1", "false", "", "名"}, Fields{"2", "n'2", "true", "1.50", "名"},
                          Fields{"3", "n'3", "true", "", "名"}));
  EXPECT_THAT((*table)->columns(), ElementsAre("id", "name", "old", "balance", "x"));

  EXPECT_THAT(why(good, "CREATE TABLE t (a int)"), HasSubstr("read-only transaction"));
  EXPECT_THAT(why(good, "SELECT set_config('transaction_read_only', 'off', false)"), HasSubstr("read-write mode"));
  EXPECT_THAT(why(good, "COMMIT; DROP DATABASE x"), HasSubstr("cannot insert multiple commands"));
  EXPECT_EQ(why(good, "COMMIT"), "PostgreSQL: the query gives no rows; write one SELECT");
  EXPECT_EQ(why(good, "SELECT 1 AS a WHERE false"), "postgresql: it has no rows; write at least one");
  EXPECT_EQ(why(good, "SELECT nme FROM pg_class"), "PostgreSQL: column \"nme\" does not exist; try the query in psql");
  EXPECT_THAT(why(good, "SELECT generate_series(1, 1000000000)", {.rows = 1000}),
              HasSubstr("row 1001: there are more rows than are kept in memory"));

  const std::string refused = why(server.address("another-word"), "SELECT 1");
  EXPECT_THAT(refused, HasSubstr("cannot reach PostgreSQL: "));
  EXPECT_THAT(refused, HasSubstr("password authentication failed"));
  EXPECT_THAT(refused, Not(HasSubstr("another-word")));
}

TEST(Postgresql, AServerThatIsNotThereIsToldByASentence) {
  const Folder folder;
  const std::string refused = why("postgresql://u:hidden@/d?host=" + folder.path(""), "SELECT 1");
  EXPECT_THAT(refused, HasSubstr("cannot reach PostgreSQL: "));
  EXPECT_THAT(refused, HasSubstr("check the connection string and that the server runs"));
}

TEST(Postgresql, NoPartOfAStringThatCannotBeReadIsShown) {
  for (const char* wrong :
       {"postgresql://u:hid%zzden@h/d", "postgresql://u:hidden@[h/d", "postgresql://u@h/d?hidden=1"})
    EXPECT_EQ(
        why(wrong, "SELECT 1"),
        "the connection string of PostgreSQL cannot be read; write postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with "
        "%XX for letters such as @ / : % in it");
}

TEST(Postgresql, ALibraryThatIsNotInstalledIsToldWithItsCure) {
  auto pq = Libpq::load("libpq.so.999");
  ASSERT_FALSE(pq);
  EXPECT_EQ(
      pq.error().text(),
      "a query of PostgreSQL needs libpq.so.999, which is not installed; install PostgreSQL's client library: apt "
      "install libpq5, or dnf install libpq");
}

}  // namespace
}  // namespace vajrapulse::data
