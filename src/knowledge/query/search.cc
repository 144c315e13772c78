#include "knowledge/query/search.h"

#include <algorithm>
#include <string>

namespace ringfort::knowledge {
namespace {

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t begin = text.find_first_not_of(' '); begin != std::string_view::npos;
       begin = text.find_first_not_of(' ', begin)) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    words.push_back(Lower(text.substr(begin, end - begin)));
    begin = end;
  }
  return words;
}

}  // namespace

std::vector<SearchHit> Search(const ThreatGraph& graph, std::string_view text, std::size_t limit) {
  const std::vector<std::string> words = Words(text);
  std::vector<SearchHit> hits;
  if (words.empty()) return hits;
  for (NodeIndex i = 0; i < graph.nodes().size(); ++i) {
    const Node& node = graph.node(i);
    const std::string id = Lower(node.id);
    const std::string title = Lower(node.title);
    const std::string body = Lower(node.text);
    int score = 0;
    for (const std::string& word : words) {
      const int word_score = id == word                              ? 100
                             : title.find(word) != std::string::npos ? 10
                             : id.find(word) != std::string::npos    ? 8
                             : body.find(word) != std::string::npos  ? 1
                                                                     : 0;
      if (word_score == 0) {
        score = 0;
        break;
      }
      score += word_score;
    }
    if (score > 0) hits.push_back({i, score});
  }
  std::stable_sort(hits.begin(), hits.end(), [](const SearchHit& a, const SearchHit& b) { return a.score > b.score; });
  if (hits.size() > limit) hits.resize(limit);
  return hits;
}

}  // namespace ringfort::knowledge
