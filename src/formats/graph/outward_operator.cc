#include "formats/graph/outward_operator.h"

#include <algorithm>
#include <array>

namespace ringfort::formats {
namespace {

struct Entry {
  std::string_view type;
  OutwardKind kind;
};
constexpr std::array kOperators = {
    Entry{"PyFunc", OutwardKind::kPython},
    Entry{"PyFuncStateless", OutwardKind::kPython},
    Entry{"EagerPyFunc", OutwardKind::kPython},
    Entry{"LoadLibrary", OutwardKind::kCommand},
    Entry{"Shell", OutwardKind::kCommand},
    Entry{"ShellOp", OutwardKind::kCommand},
    Entry{"System", OutwardKind::kCommand},
    Entry{"Exec", OutwardKind::kCommand},
    Entry{"Execute", OutwardKind::kCommand},
    Entry{"RunCommand", OutwardKind::kCommand},
    Entry{"Popen", OutwardKind::kCommand},
    Entry{"Subprocess", OutwardKind::kCommand},
    Entry{"WriteFile", OutwardKind::kWriter},
    Entry{"CreateSummaryFileWriter", OutwardKind::kWriter},
    Entry{"CreateSummaryDbWriter", OutwardKind::kWriter},
    Entry{"SaveDataset", OutwardKind::kWriter},
    Entry{"SaveDatasetV2", OutwardKind::kWriter},
    Entry{"SnapshotDataset", OutwardKind::kWriter},
    Entry{"SnapshotDatasetV2", OutwardKind::kWriter},
    Entry{"ReadFile", OutwardKind::kReader},
    Entry{"MatchingFiles", OutwardKind::kReader},
    Entry{"ImmutableConst", OutwardKind::kReader},
    Entry{"Save", OutwardKind::kCheckpoint},
    Entry{"SaveV2", OutwardKind::kCheckpoint},
    Entry{"SaveSlices", OutwardKind::kCheckpoint},
    Entry{"Restore", OutwardKind::kCheckpoint},
    Entry{"RestoreV2", OutwardKind::kCheckpoint},
    Entry{"RestoreSlice", OutwardKind::kCheckpoint},
    Entry{"MergeV2Checkpoints", OutwardKind::kCheckpoint},
    Entry{"Rpc", OutwardKind::kRemote},
    Entry{"TryRpc", OutwardKind::kRemote},
    Entry{"RpcCall", OutwardKind::kRemote},
    Entry{"RpcClient", OutwardKind::kRemote},
    Entry{"RpcServer", OutwardKind::kRemote},
    Entry{"BigQueryReader", OutwardKind::kRemote},
    Entry{"TextLineDataset", OutwardKind::kPipeline},
    Entry{"TFRecordDataset", OutwardKind::kPipeline},
    Entry{"TFRecordDatasetV2", OutwardKind::kPipeline},
    Entry{"FixedLengthRecordDataset", OutwardKind::kPipeline},
    Entry{"FixedLengthRecordDatasetV2", OutwardKind::kPipeline},
    Entry{"CSVDataset", OutwardKind::kPipeline},
    Entry{"CSVDatasetV2", OutwardKind::kPipeline},
    Entry{"LMDBDataset", OutwardKind::kPipeline},
    Entry{"LMDBReader", OutwardKind::kPipeline},
    Entry{"WholeFileReader", OutwardKind::kPipeline},
    Entry{"WholeFileReaderV2", OutwardKind::kPipeline},
    Entry{"TextLineReader", OutwardKind::kPipeline},
    Entry{"TextLineReaderV2", OutwardKind::kPipeline},
    Entry{"TFRecordReader", OutwardKind::kPipeline},
    Entry{"TFRecordReaderV2", OutwardKind::kPipeline},
    Entry{"LoadDataset", OutwardKind::kPipeline},
    Entry{"SqlDataset", OutwardKind::kPipeline},
    Entry{"DataServiceDataset", OutwardKind::kPipeline},
    Entry{"DataServiceDatasetV2", OutwardKind::kPipeline},
    Entry{"InitializeTableFromTextFile", OutwardKind::kTable},
    Entry{"InitializeTableFromTextFileV2", OutwardKind::kTable},
    Entry{"LoadAndRemapMatrix", OutwardKind::kTable},
    Entry{"Print", OutwardKind::kPrint},
    Entry{"PrintV2", OutwardKind::kPrint},
    Entry{"DebugIdentity", OutwardKind::kDebug},
    Entry{"DebugIdentityV2", OutwardKind::kDebug},
    Entry{"DebugIdentityV3", OutwardKind::kDebug},
    Entry{"DebugNanCount", OutwardKind::kDebug},
    Entry{"DebugNumericSummary", OutwardKind::kDebug},
    Entry{"DebugNumericSummaryV2", OutwardKind::kDebug},
};

}  // namespace

OutwardKind KindOfOperator(std::string_view type) {
  const auto entry =
      std::find_if(kOperators.begin(), kOperators.end(), [type](const Entry& known) { return known.type == type; });
  return entry == kOperators.end() ? OutwardKind::kNone : entry->kind;
}

}  // namespace ringfort::formats
