#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

// SQLite in our words: a connection, a prepared statement, a transaction. SQLite's
// codes become Errors here, each one sentence that names the file.

namespace ringfort::sqlite {

class Connection {
 public:
  enum class Access { kRead, kWrite };
  static Result<Connection> Open(const std::string& path, Access access, int busy_milliseconds);

  // Runs SQL that yields nothing of interest.
  Status Execute(const char* sql);
  // The first column of the first row, as a number.
  Result<std::int64_t> Number(const char* sql);

  // What the last failure on this connection means to a person.
  Error Failure() const;

  sqlite3* get() const { return handle_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  Connection(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}

  std::unique_ptr<sqlite3, Close> handle_;
  std::string path_;
};

// A prepared statement. Bind fills ?1, ?2, ... ; Step moves to the next row.
class Statement {
 public:
  static Result<Statement> Prepare(Connection& connection, std::string_view sql);

  // Starts over with new values: integers (unsigned ones keep their bits),
  // doubles and text. Text is not copied: it must live until the next Bind.
  template <class... Values>
  void Bind(const Values&... values) {
    sqlite3_reset(handle_.get());
    int at = 0;
    (BindOne(++at, values), ...);
  }

  // True: a row is there. False: the statement is through, and ready to be bound again.
  Result<bool> Step();
  // Bind and Step in one, for a statement that yields no rows.
  template <class... Values>
  Status Run(const Values&... values) {
    Bind(values...);
    TRY_STATUS(Step());
    return Done{};
  }

  std::string Text(int column) const;
  std::int64_t Integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  std::uint64_t Unsigned(int column) const { return static_cast<std::uint64_t>(Integer(column)); }
  double Real(int column) const { return sqlite3_column_double(handle_.get(), column); }
  bool IsNull(int column) const { return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL; }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  Statement(sqlite3_stmt* handle, Connection& connection) : handle_(handle), connection_(&connection) {}

  void BindOne(int at, std::int64_t value) { sqlite3_bind_int64(handle_.get(), at, value); }
  void BindOne(int at, std::uint64_t value) { BindOne(at, static_cast<std::int64_t>(value)); }
  void BindOne(int at, int value) { BindOne(at, static_cast<std::int64_t>(value)); }
  void BindOne(int at, double value) { sqlite3_bind_double(handle_.get(), at, value); }
  void BindOne(int at, std::string_view value) {
    // A null pointer would bind NULL, and an empty view may have one.
    sqlite3_bind_text64(handle_.get(), at, value.empty() ? "" : value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
  }

  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
  Connection* connection_;
};

// All or nothing: rolls back unless Commit succeeded.
class Transaction {
 public:
  // Takes the write lock at once, so that a wait for another writer happens here,
  // before any work, and never as a failed upgrade in the middle.
  static Result<Transaction> Begin(Connection& connection);
  Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  Status Commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

}  // namespace ringfort::sqlite
