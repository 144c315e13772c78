"""scikit-learn, its company, and joblib files."""

import importlib
import pickle

import joblib
import numpy as np

ROWS = np.random.RandomState(0).normal(size=(60, 4))
TARGETS = ROWS @ [1.0, -2, 0.5, 0] + np.random.RandomState(1).normal(size=60) * 0.1
CLASSES = (TARGETS > 0).astype(int)
LARGEST = 60_000


def families():
    return (estimators, compositions, joblib_files, boosters, neighbours_of_sklearn)


def parameters_of(kind, name):
    from inspect import signature
    names = signature(kind).parameters
    chosen = {"n_estimators": 3, "max_iter": 20, "random_state": 0}
    if name == "SelfTrainingClassifier":
        chosen.pop("max_iter")
    return {key: value for key, value in chosen.items() if key in names}


def fitted(name, kind):
    """The estimator, fitted on whatever its kind of data is."""
    from sklearn.linear_model import LogisticRegression, Ridge
    parameters = parameters_of(kind, name)
    required = {"ColumnTransformer": lambda: kind([("a", "passthrough", [0])]), "FeatureUnion": lambda: kind([("a", "passthrough")]), "Pipeline": lambda: kind([("a", LogisticRegression())]),
                "VotingClassifier": lambda: kind([("a", LogisticRegression())]), "VotingRegressor": lambda: kind([("a", Ridge())]), "StackingClassifier": lambda: kind([("a", LogisticRegression())], cv=3),
                "StackingRegressor": lambda: kind([("a", Ridge())], cv=3), "GridSearchCV": lambda: kind(LogisticRegression(), {"C": [0.1, 1]}, cv=3),
                "RandomizedSearchCV": lambda: kind(LogisticRegression(), {"C": [0.1, 1]}, n_iter=2, cv=3), "SparseCoder": lambda: kind(np.eye(4)),
                "HalvingGridSearchCV": lambda: kind(LogisticRegression(), {"C": [0.1, 1]}, cv=3), "HalvingRandomSearchCV": lambda: kind(LogisticRegression(), {"C": [0.1, 1]}, cv=3),
                "RegressorChain": lambda: kind(Ridge()), "MultiOutputRegressor": lambda: kind(Ridge())}
    try:
        estimator = required[name]() if name in required else kind(**parameters)
    except TypeError:
        estimator = kind(LogisticRegression())
    data = ROWS
    if name in ("MultinomialNB", "ComplementNB") or any(word in name for word in ("NMF", "Chi2", "Latent")):
        data = np.abs(ROWS)
    if name == "CategoricalNB":
        data = (ROWS > 0.5).astype(int)
    if name in ("CountVectorizer", "TfidfVectorizer", "HashingVectorizer"):
        return estimator.fit(["a few words", "more words here", "words words"])
    if name == "DictVectorizer":
        return estimator.fit([{"a": 1}, {"b": 2}])
    if name == "FeatureHasher":
        return estimator
    if name in ("LabelEncoder", "LabelBinarizer"):
        return estimator.fit(CLASSES)
    if name == "MultiLabelBinarizer":
        return estimator.fit([["a"], ["b", "c"]])
    if name == "IsotonicRegression":
        return estimator.fit(ROWS[:, 0], TARGETS)
    if name == "PatchExtractor":
        return estimator.fit(np.zeros((2, 8, 8)))
    if (name.startswith("Multi") and ("Output" in name or "Task" in name)) or name in ("ClassifierChain", "RegressorChain", "CCA", "PLSCanonical", "PLSSVD"):
        second = np.stack([CLASSES, 1 - CLASSES], 1) if "Classifier" in name else np.stack([TARGETS, -TARGETS], 1)
        return estimator.fit(data, second)
    from sklearn.base import is_regressor
    if is_regressor(estimator):
        return estimator.fit(data, np.abs(TARGETS) + 0.1 if "Gamma" in name or "Poisson" in name else TARGETS)
    return estimator.fit(data, CLASSES)


def kinds_of_estimators():
    """all_estimators with the experimental ones, in old and new versions."""
    for name in ("enable_halving_search_cv", "enable_iterative_imputer", "enable_hist_gradient_boosting"):
        try:
            importlib.import_module("sklearn.experimental." + name)
        except ImportError:
            pass
    try:
        from sklearn.utils import all_estimators
    except ImportError:
        from sklearn.utils.testing import all_estimators
    return all_estimators()


def estimators(shelf):
    for name, kind in kinds_of_estimators():
        def fit():
            fit.done = fitted(name, kind)
            content = pickle.dumps(fit.done, 4)
            return content if len(content) < LARGEST else None
        shelf.attempt("sklearn", name + ".pkl", fit)
        done = getattr(fit, "done", None)
        if done is not None and shelf.place("sklearn", name + ".pkl").exists():
            shelf.streamed("joblib_estimators", name + ".joblib", lambda stream: joblib.dump(done, stream))
            shelf.attempt("sklearn_old_protocols", name + ".p2.pkl", lambda: pickle.dumps(done, 2))


def columns():
    from sklearn.compose import ColumnTransformer
    from sklearn.preprocessing import OneHotEncoder, StandardScaler
    return ColumnTransformer([("s", StandardScaler(), [0, 1]), ("o", OneHotEncoder(), [2])]).fit(np.round(ROWS))


def target():
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.linear_model import Ridge
    return TransformedTargetRegressor(Ridge(), func=np.log, inverse_func=np.exp).fit(ROWS, np.abs(TARGETS) + 1)


def composed():
    from sklearn.decomposition import PCA
    from sklearn.ensemble import RandomForestClassifier, StackingRegressor, VotingClassifier
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.feature_selection import SelectKBest, chi2, f_classif, mutual_info_classif
    from sklearn.gaussian_process import GaussianProcessRegressor, kernels
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.metrics import f1_score, make_scorer
    from sklearn.model_selection import GridSearchCV, KFold, StratifiedKFold, train_test_split
    from sklearn.pipeline import FeatureUnion, make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler
    from sklearn.svm import SVC
    from sklearn.tree import DecisionTreeClassifier
    rows, targets, classes = ROWS, TARGETS, CLASSES
    yield "pipeline_text", lambda: make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(["good film", "bad film", "good book", "bad book"], [1, 0, 1, 0])
    yield "pipeline_words", lambda: make_pipeline(TfidfVectorizer(tokenizer=str.split, token_pattern=None, lowercase=False), LogisticRegression()).fit(["good film", "bad film"], [1, 0])
    yield "pipeline_forest", lambda: make_pipeline(StandardScaler(), RandomForestClassifier(4, random_state=0)).fit(rows, classes)
    yield "columns", columns
    yield "union", lambda: FeatureUnion([("p", PCA(2)), ("s", StandardScaler())]).fit(rows)
    yield "voting", lambda: VotingClassifier([("a", LogisticRegression()), ("b", DecisionTreeClassifier(max_depth=2))]).fit(rows, classes)
    yield "stacking", lambda: StackingRegressor([("r", Ridge())], cv=3).fit(rows, targets)
    yield "grid", lambda: GridSearchCV(SVC(), {"C": [0.1, 1]}, cv=3, scoring="accuracy").fit(rows, classes)
    yield "grid_scorer", lambda: GridSearchCV(LogisticRegression(), {"C": [0.1]}, cv=StratifiedKFold(3), scoring=make_scorer(f1_score)).fit(rows, classes)
    yield "function_transformer", lambda: FunctionTransformer(np.log1p, np.expm1).fit(np.abs(rows))
    yield "target_transformer", target
    yield "selection", lambda: [SelectKBest(f_classif, k=2).fit(rows, classes), SelectKBest(chi2, k=2).fit(np.abs(rows), classes), SelectKBest(mutual_info_classif, k=2).fit(rows, classes)]
    yield "gaussian_process", lambda: GaussianProcessRegressor(kernels.RBF() + kernels.WhiteKernel() * kernels.Matern()).fit(rows, targets)
    yield "folds", lambda: KFold(3, shuffle=True, random_state=1)
    yield "split", lambda: train_test_split(rows, classes, random_state=0)


def compositions(shelf):
    for name, make in composed():
        for protocol in (0, 2, 5):
            shelf.attempt("sklearn", "composed_{}.p{}.pkl".format(name, protocol), lambda: pickle.dumps(make(), protocol))
    from sklearn import datasets, metrics
    shelf.attempt("sklearn", "dataset.pkl", lambda: pickle.dumps(datasets.load_iris(), 4))
    shelf.attempt("sklearn", "report.pkl", lambda: pickle.dumps([metrics.confusion_matrix(CLASSES, CLASSES), metrics.classification_report(CLASSES, CLASSES, output_dict=True)], 4))
    shelf.attempt("sklearn", "metric_functions.pkl", lambda: pickle.dumps([metrics.accuracy_score, metrics.f1_score, metrics.roc_auc_score, metrics.mean_squared_error, metrics.r2_score], 4))


def joblib_files(shelf):
    values = {"array": np.arange(50.0), "two_arrays": [np.arange(9), {"x": np.eye(4, dtype="f4")}], "objects": np.array([None, "a"], dtype=object),
              "mixed": {"a": np.zeros(3), "b": "text", "c": [1, 2]}, "fortran": np.asfortranarray(np.ones((3, 2))), "text": "only text", "dates": np.array(["2020-01-01"], "M8[D]"),
              "structured": np.zeros(2, [("a", "i4"), ("o", "O")]), "masked": np.ma.masked_array([1.0, 2], mask=[0, 1]), "matrix": np.matrix([[1.0]]), "empty": np.empty((0, 3))}
    makers = {name: (lambda value=value: value) for name, value in values.items()}
    makers.update(composed())
    for name, make in makers.items():
        for extension in ("joblib", "joblib.gz", "joblib.z", "joblib.bz2", "joblib.xz", "joblib.lzma", "joblib.lz4"):
            if extension == "joblib" or name in ("array", "two_arrays", "objects", "mixed", "pipeline_forest"):
                shelf.attempt("joblib", "{}.{}".format(name, extension), lambda: joblib.dump(make(), str(shelf.place("joblib", "{}.{}".format(name, extension)))) and None)
    for protocol in (2, 3, 4, 5):
        shelf.streamed("joblib", "protocol{}.joblib".format(protocol), lambda stream: joblib.dump(values["two_arrays"], stream, protocol=protocol))
    shelf.streamed("joblib", "compressed3.joblib", lambda stream: joblib.dump(values["two_arrays"], stream, compress=3))


def boosters(shelf):
    for library, kind in (("xgboost", "XGBClassifier"), ("xgboost", "XGBRegressor"), ("xgboost", "XGBRanker"), ("xgboost", "XGBRFClassifier"), ("lightgbm", "LGBMClassifier"),
                          ("lightgbm", "LGBMRegressor"), ("catboost", "CatBoostClassifier")):
        def fit(protocol=4):
            model = getattr(importlib.import_module(library), kind)(n_estimators=2, max_depth=2)
            return model.fit(ROWS, CLASSES, group=[30, 30]) if "Ranker" in kind else model.fit(ROWS, CLASSES)
        shelf.attempt("boosters", kind + ".pkl", lambda: pickle.dumps(fit(), 4))
        shelf.streamed("boosters", kind + ".joblib", lambda stream: joblib.dump(fit(), stream))
    import xgboost
    booster = xgboost.train({"max_depth": 2}, xgboost.DMatrix(ROWS, CLASSES), 2)
    shelf.pickles("boosters", {"xgboost_booster": booster}, (2, 4, 5))
    shelf.attempt("boosters", "xgboost.json", lambda: bytes(booster.save_raw("json")))
    import lightgbm
    machine = lightgbm.train({"verbose": -1, "num_leaves": 3}, lightgbm.Dataset(ROWS, CLASSES), 2)
    shelf.pickles("boosters", {"lightgbm_booster": machine}, (2, 4, 5))
    shelf.attempt("boosters", "lightgbm.txt", lambda: machine.model_to_string().encode())


def neighbours_of_sklearn(shelf):
    """Other libraries. Not among them: statsmodels and sympy, whose classes evaluate text that the file holds."""
    from shelf import Maker

    def graph():
        import networkx
        return networkx.karate_club_graph()

    def directed_graph():
        import networkx
        return networkx.DiGraph([(1, 2), (2, 3)])

    def resampled():
        from imblearn.over_sampling import SMOTE
        from imblearn.pipeline import make_pipeline
        from sklearn.linear_model import LogisticRegression
        return make_pipeline(SMOTE(random_state=0), LogisticRegression()).fit(ROWS, CLASSES)

    def words():
        from gensim.models import Word2Vec
        return Word2Vec([["good", "film"], ["bad", "film"]], vector_size=4, min_count=1)

    def dictionary():
        from gensim.corpora import Dictionary
        return Dictionary([["good", "film"], ["bad", "film"]])

    def encoder():
        import category_encoders
        import pandas as pd
        return category_encoders.TargetEncoder().fit(pd.DataFrame({"a": list("xyxyxy")}), [0, 1, 0, 1, 0, 1])

    def clusterer():
        import hdbscan
        return hdbscan.HDBSCAN(min_cluster_size=3).fit(ROWS)

    def picture():
        from PIL import Image
        return Image.new("RGB", (4, 3), (1, 2, 3))

    shelf.pickles("other_libraries", {make.__name__: Maker(make) for make in (graph, directed_graph, resampled, words, dictionary, encoder, clusterer, picture)}, (2, 4, 5))

    def gensim_file(stream):
        words().save(stream)
    shelf.streamed("other_libraries", "word2vec.model", gensim_file)

