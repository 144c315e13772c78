#include <cstdio>

#include "application/scan.h"

// scan_file PATH: says what is to be thought of a file or folder.
int main(int, char** arguments) {
  const auto scanned = ringfort::RunScan({.paths = {arguments[1]}}, nullptr);
  if (!scanned.ok()) return std::puts(scanned.error().what.c_str()), 2;
  const auto worst = ringfort::Summarize(scanned.value().result).worst;
  std::puts(ringfort::Name(worst).data());
  return worst == ringfort::Verdict::kClean ? 0 : 1;
}
