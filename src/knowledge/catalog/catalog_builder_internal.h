#pragma once

#include <fmt/format.h>

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/text.h"
#include "knowledge/catalog/catalog_reader.h"
#include "knowledge/catalog/entry_reader_internal.h"

// The reader of a catalog's files, spread over catalog_reader.cc (files, ids,
// references), catalog_entry_readers.cc (one function a noun) and
// step_rule_reader.cc.

namespace ringfort::knowledge {

struct Place {
  std::string file;
  std::uint32_t line = 0;
};

// Where the parts of a step rule stand.
struct RulePlaces {
  std::string file;
  std::uint32_t variables = 0, traits = 0, needs = 0, ties = 0, gains = 0;
};

// What must wait until all files are read, because entries may name later ones.
using Check = std::function<void()>;

class CatalogBuilder {
 public:
  CatalogReading Read(std::span<const CatalogSource> sources);

 private:
  void ReadFile(const CatalogSource& source);

  template <class Function>
  void ReadList(EntryReader& parent, std::string_view name, Function read) {
    const Document* list = parent.Member(name);
    if (list == nullptr) return;
    if (!list->is_list()) return parent.Fault(list->line, fmt::format("'{}' must be a list", name));
    for (const Document& item : list->items) {
      EntryReader entry(item, parent.file(), faults_);
      if (!entry.usable()) continue;
      read(entry);
      entry.Finish();
    }
  }

  // Ids are unique over all lists: the threat graph makes a node of each.
  std::string NewId(EntryReader& entry, std::string_view prefix = "");

  template <class Entry>
  void MustKnow(const std::vector<Entry>& entries, std::string_view kind, std::string id, std::uint32_t line) {
    if (id.empty()) return;
    checks_.push_back([this, &entries, kind, id = std::move(id), line, file = file_] {
      if (Find(entries, id) == nullptr)
        faults_.Add(file, line, fmt::format("no {} has the id '{}'", kind, Printable(id, 80)));
    });
  }

  template <class Entry>
  std::string Reference(EntryReader& entry, std::string_view name, const std::vector<Entry>& entries,
                        std::string_view kind) {
    std::string id = entry.Text(name);
    MustKnow(entries, kind, id, entry.LineOf(name));
    return id;
  }

  template <class Entry>
  std::vector<std::string> References(EntryReader& entry, std::string_view name, const std::vector<Entry>& entries,
                                      std::string_view kind) {
    std::vector<std::string> ids;
    for (PlacedText& text : entry.PlacedTexts(name)) {
      MustKnow(entries, kind, text.text, text.line);
      ids.push_back(std::move(text.text));
    }
    return ids;
  }

  std::vector<std::string> ExternalIds(EntryReader& entry, std::string_view name, bool (*has_shape)(std::string_view));

  Crosswalk ReadCrosswalk(EntryReader& parent);

  Prior ReadPrior(EntryReader& parent, std::string_view name);

  // A list of fixed-length lists: `[[Model, query]]`.
  std::vector<std::vector<std::string>> Tuples(EntryReader& entry, std::string_view name, std::size_t length);

  void ReadAxis(EntryReader& entry);
  void ReadAsset(EntryReader& entry);
  void ReadTie(EntryReader& entry);
  void ReadStage(EntryReader& entry);
  void ReadFamily(EntryReader& entry);
  void ReadTechnique(EntryReader& entry);
  void ReadVulnerability(EntryReader& entry);
  void ReadMitigation(EntryReader& entry);
  void ReadThreat(EntryReader& entry);
  void ReadComponentRule(EntryReader& entry);
  void ReadTaxonomyRow(EntryReader& entry);
  void ReadEdgeSet(EntryReader& entry);
  void ReadStepRule(EntryReader& entry);
  void ReadPublishedTriple(EntryReader& entry);
  void CheckStepRule(const StepRule& rule, const RulePlaces& places);

  std::string file_;
  Faults faults_;
  Catalog catalog_;
  std::map<std::string, Place> ids_;
  std::vector<Check> checks_;
};

}  // namespace ringfort::knowledge
