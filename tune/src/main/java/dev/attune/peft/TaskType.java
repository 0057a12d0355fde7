package dev.attune.peft;

/** What an adapter was trained for, under peft's names: which class of transformers its base model is loaded as. */
public enum TaskType {
    SEQ_CLS,
    CAUSAL_LM,
    SEQ_2_SEQ_LM,
    TOKEN_CLS,
    QUESTION_ANS,
    FEATURE_EXTRACTION
}
