package dev.attune.peft;

/**
 * The methods there are, under peft's names, with what their adapter_config.json has beside the components of the method's
 * record.
 */
public enum PeftType {
    LORA(LoraConfig.class, """
            {"r": 8, "lora_alpha": 8, "lora_dropout": 0.0, "use_rslora": false, "fan_in_fan_out": false,
             "rank_pattern": {}, "alpha_pattern": {}}""", """
            {"loftq_config": {}, "megatron_core": "megatron.core", "qalora_group_size": 16, "eva_config": null}""", """
            {"alora_invocation_tokens": null, "arrow_config": null, "bias": "none", "corda_config": null,
             "ensure_weight_tying": false, "init_lora_weights": true, "kasa_config": null, "layer_replication": null,
             "lora_bias": false, "lora_ga_config": null, "megatron_config": null, "monteclora_config": null,
             "target_parameters": null, "trainable_token_indices": null, "use_bdlora": null, "use_dora": false,
             "use_qalora": false, "velora_config": null}"""),
    PROMPT_TUNING(PromptTuningConfig.class, """
            {"prompt_tuning_init": "RANDOM"}""", "{}", """
            {"modules_to_save": null}"""),
    P_TUNING(PromptEncoderConfig.class, """
            {"encoder_reparameterization_type": "MLP", "encoder_num_layers": 2, "encoder_dropout": 0.0}""", "{}", """
            {"modules_to_save": null}"""),
    PREFIX_TUNING(PrefixTuningConfig.class, """
            {"prefix_projection": false}""", """
            {"init_weights": null}""", """
            {"modules_to_save": null}""");

    private final Class<? extends AdapterConfig> config;
    private final String defaults;
    private final String inert;
    private final String unused;

    PeftType(Class<? extends AdapterConfig> config, String defaults, String inert, String unused) {
        this.config = config;
        this.defaults = defaults;
        this.inert = inert;
        this.unused = unused;
    }

    /** The record that holds such a configuration. */
    Class<? extends AdapterConfig> config() {
        return config;
    }

    /** Peft's values for components that a file may lack, as those of older versions do: JSON. */
    String defaults() {
        return defaults;
    }

    /** Fields whose values make no difference to what a trained adapter computes, with those that are written: JSON. */
    String inert() {
        return inert;
    }

    /** Fields of features that are not supported here, which have to be off as here: JSON. */
    String unused() {
        return unused;
    }
}
