"""What transformers and its company leave in a model repository: folders, arguments, tokenizers."""

import datetime
import io
import json

import numpy as np
import torch
import transformers

from shelf import Maker

TEXTS = ["the model reads a text", "a text is read by the model", "models read texts"]


def families():
    return (training_state, model_folders, tokenizer_folders, pickled_objects)


def arguments(**more):
    return transformers.TrainingArguments(output_dir="out", report_to=[], use_cpu=True, **more)


def saved(value):
    stream = io.BytesIO()
    torch.save(value, stream)
    return stream.getvalue()


def training_state(shelf):
    """training_args.bin, optimizer.pt, scheduler.pt, rng_state.pth, trainer_state.json: what Trainer writes."""
    shelf.attempt("training", "plain/training_args.bin", lambda: saved(arguments()))
    shelf.attempt("training", "full/training_args.bin", lambda: saved(arguments(
        learning_rate=3e-5, num_train_epochs=4, eval_strategy="epoch", save_strategy="epoch", lr_scheduler_type="cosine", optim="adamw_torch", load_best_model_at_end=True, warmup_steps=10, seed=3,
        metric_for_best_model="f1", push_to_hub=False, gradient_checkpointing=True, label_smoothing_factor=0.1, fsdp="", group_by_length=False)))
    shelf.attempt("training", "seq2seq/training_args.bin", lambda: saved(transformers.Seq2SeqTrainingArguments(
        output_dir="out", report_to=[], use_cpu=True, predict_with_generate=True, generation_config=transformers.GenerationConfig(max_new_tokens=4))))
    shelf.attempt("training", "device/training_args.bin", lambda: saved(touched(arguments(), "device")))
    model = torch.nn.Linear(2, 2)
    optimizer = torch.optim.AdamW(model.parameters())
    shelf.attempt("training", "optimizer.pt", lambda: saved(optimizer.state_dict()))
    shelf.attempt("training", "scheduler.pt", lambda: saved(transformers.get_linear_schedule_with_warmup(optimizer, 2, 9).state_dict()))
    shelf.attempt("training", "scheduler_object.pt", lambda: saved(transformers.get_cosine_schedule_with_warmup(optimizer, 2, 9)))
    import random
    shelf.attempt("training", "rng_state.pth", lambda: saved({"python": random.getstate(), "numpy": np.random.get_state(), "cpu": torch.random.get_rng_state()}))
    shelf.attempt("training", "trainer_state.json", lambda: json.dumps({"best_metric": 0.9, "epoch": 1.0, "global_step": 10, "log_history": [{"loss": 0.5, "step": 5}]}).encode())


def touched(value, attribute):
    getattr(value, attribute)
    return value


def tiny_configs():
    small = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16, "vocab_size": 40, "max_position_embeddings": 32}
    llama = dict(small, num_key_value_heads=1)
    yield "bert", "BertForSequenceClassification", lambda: transformers.BertConfig(**small)
    yield "roberta", "RobertaForMaskedLM", lambda: transformers.RobertaConfig(**small)
    yield "distilbert", "DistilBertForTokenClassification", lambda: transformers.DistilBertConfig(dim=8, n_layers=1, n_heads=2, hidden_dim=16, vocab_size=40)
    yield "electra", "ElectraForPreTraining", lambda: transformers.ElectraConfig(embedding_size=8, **small)
    yield "gpt2", "GPT2LMHeadModel", lambda: transformers.GPT2Config(n_embd=8, n_layer=1, n_head=2, vocab_size=40, n_positions=32)
    yield "llama", "LlamaForCausalLM", lambda: transformers.LlamaConfig(**llama)
    yield "mistral", "MistralForCausalLM", lambda: transformers.MistralConfig(**llama)
    yield "qwen2", "Qwen2ForCausalLM", lambda: transformers.Qwen2Config(**llama)
    yield "gemma", "GemmaForCausalLM", lambda: transformers.GemmaConfig(head_dim=4, **llama)
    yield "phi", "PhiForCausalLM", lambda: transformers.PhiConfig(**small)
    yield "mixtral", "MixtralForCausalLM", lambda: transformers.MixtralConfig(num_local_experts=2, **llama)
    yield "t5", "T5ForConditionalGeneration", lambda: transformers.T5Config(d_model=8, d_kv=4, d_ff=16, num_layers=1, num_heads=2, vocab_size=40)
    yield "bart", "BartForConditionalGeneration", lambda: transformers.BartConfig(d_model=8, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2, decoder_attention_heads=2, encoder_ffn_dim=8,
                                                                                 decoder_ffn_dim=8, vocab_size=60, max_position_embeddings=32)
    yield "vit", "ViTForImageClassification", lambda: transformers.ViTConfig(image_size=8, patch_size=4, **{k: v for k, v in small.items() if k not in ("vocab_size", "max_position_embeddings")})
    yield "whisper", "WhisperForConditionalGeneration", lambda: transformers.WhisperConfig(d_model=8, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2, decoder_attention_heads=2, encoder_ffn_dim=8,
                                                                                         decoder_ffn_dim=8, vocab_size=60, num_mel_bins=4, max_source_positions=8, max_target_positions=8, pad_token_id=0,
                                                                                         bos_token_id=1, eos_token_id=2, decoder_start_token_id=1)


def model_folders(shelf):
    """config.json, generation_config.json, model.safetensors, pytorch_model.bin, sharded indexes."""
    torch.manual_seed(0)
    for name, kind, configure in tiny_configs():
        def folder():
            model = getattr(transformers, kind)(configure())
            place = shelf.place("model_folders", name)
            model.save_pretrained(str(place))
            torch.save(model.state_dict(), str(place / "pytorch_model.bin"))
            if name in ("llama", "bert"):
                model.save_pretrained(str(shelf.place("model_folders", name + "_sharded")), max_shard_size="2KB")
                torch.save(model, str(shelf.place("model_folders", name + "_whole.pt")))
        shelf.attempt("model_folders", name, folder)


def trained_tokenizer(kind):
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
    special = ["<unk>", "<s>", "</s>", "<pad>", "<mask>"]
    if kind == "bpe":
        tokenizer, trainer = Tokenizer(models.BPE(unk_token="<unk>")), trainers.BpeTrainer(vocab_size=60, special_tokens=special)
        tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.ByteLevel(), decoders.ByteLevel()
        tokenizer.post_processor = processors.TemplateProcessing("<s> $A </s>", special_tokens=[("<s>", 1), ("</s>", 2)])
    elif kind == "word_piece":
        tokenizer, trainer = Tokenizer(models.WordPiece(unk_token="<unk>")), trainers.WordPieceTrainer(vocab_size=60, special_tokens=special)
        tokenizer.pre_tokenizer, tokenizer.normalizer = pre_tokenizers.BertPreTokenizer(), normalizers.BertNormalizer()
    else:
        tokenizer, trainer = Tokenizer(models.Unigram()), trainers.UnigramTrainer(vocab_size=60, special_tokens=special, unk_token="<unk>")
        tokenizer.pre_tokenizer, tokenizer.normalizer = pre_tokenizers.Metaspace(), normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.train_from_iterator(TEXTS, trainer)
    return tokenizer


def tokenizer_folders(shelf):
    for kind in ("bpe", "word_piece", "unigram"):
        def folder():
            tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=trained_tokenizer(kind), unk_token="<unk>", bos_token="<s>", eos_token="</s>", pad_token="<pad>", mask_token="<mask>")
            tokenizer.chat_template = "{% for m in messages %}{{ bos_token + m['role'] + ': ' + m['content'] + eos_token }}{% endfor %}"
            tokenizer.save_pretrained(str(shelf.place("tokenizers", kind)))
        shelf.attempt("tokenizers", kind, folder)


def pickled_objects(shelf):
    config = transformers.BertConfig(hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, vocab_size=40)
    shelf.pickles("transformers", {
        "configs": Maker(lambda: [configure() for _, _, configure in tiny_configs()]), "generation_config": Maker(lambda: transformers.GenerationConfig(max_new_tokens=3)),
        "batch": Maker(lambda: transformers.BatchEncoding({"input_ids": [[1, 2]]})), "trainer_state": Maker(lambda: transformers.TrainerState(global_step=3)), "control": Maker(transformers.TrainerControl),
        "output": Maker(lambda: transformers.modeling_outputs.SequenceClassifierOutput(logits=torch.ones(1, 2))), "added_token": Maker(lambda: transformers.AddedToken("<x>")),
        "tokenizer_library": Maker(lambda: trained_tokenizer("bpe")), "fast_tokenizer": Maker(lambda: transformers.PreTrainedTokenizerFast(tokenizer_object=trained_tokenizer("bpe"), unk_token="<unk>")),
        "prediction": Maker(lambda: transformers.trainer_utils.PredictionOutput(np.ones(2), np.ones(2), {"loss": 0.5})), "model": Maker(lambda: transformers.BertModel(config)),
        "scheduler_kinds": Maker(lambda: [transformers.SchedulerType.COSINE, transformers.IntervalStrategy.EPOCH]), "date": datetime.date(2024, 1, 1), "collator": Maker(transformers.DefaultDataCollator),
        "image_processor": Maker(lambda: transformers.ViTImageProcessor()), "feature_extractor": Maker(lambda: transformers.WhisperFeatureExtractor(feature_size=4)),
    }, (2, 4))
