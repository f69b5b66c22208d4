using GpuPlatform.Contracts;
using static GpuPlatform.Classifier.Rules.Match;

namespace GpuPlatform.Classifier.Rules.Tables;

/// <summary>Language models, image models, training.</summary>
internal static class ModelRules
{
    private static readonly Matcher ElectronWindow = HasArgument("^--type=");

    public static readonly Rule[] Table =
    [
        new("llm/ollama-runner", WorkloadKind.LlmInference, 0.99, "Ollama runs a model",
            Any(Named("ollama_llama_server", "ollama_llama_se"), All(Named("ollama", "ollama.exe"), HasArgument("^runner$")),
                All(Named("llama-server", "llama-server.exe"), Below("ollama", "ollama.exe")))),
        new("llm/ollama", WorkloadKind.LlmInference, 0.9, "Ollama itself", All(Named("ollama", "ollama.exe"), Not(ElectronWindow))),
        new("llm/llama-cpp", WorkloadKind.LlmInference, 0.97, "llama.cpp runs a model",
            Any(Named("llama-server", "llama-server.exe", "llama-cli", "llama-cli.exe", "llama-bench", "llama-run", "llama-swap",
                "koboldcpp", "koboldcpp.exe", "koboldcpp.py", "koboldcpp-linux-x64", "llamafile", "llama_cpp.server", "localai", "local-ai"),
                NamedLike(@"\.llamafile(\.exe)?$"))),
        new("llm/vllm", WorkloadKind.LlmInference, 0.98, "vLLM serves a model",
            Any(NamedLike(@"^vllm(::.*)?$"), NamedLike(@"^vllm\.entrypoints\."))),
        new("llm/sglang", WorkloadKind.LlmInference, 0.98, "SGLang serves a model", NamedLike(@"^sglang(::.*|\.launch_server.*)?$")),
        new("llm/server", WorkloadKind.LlmInference, 0.93, "a known model server",
            Named("text-generation-launcher", "text-generation-server", "text-generation-router", "text-embeddings-router", "tritonserver",
                "trtllm-serve", "lmdeploy", "aphrodite", "exllamav2", "exllamav3", "mlc_llm", "mlc_llm.serve", "mistralrs-server", "nexa", "llmster",
                "gpt4all", "chat-gpt4all", "tabbyapi")),
        new("llm/tabby-api", WorkloadKind.LlmInference, 0.9, "tabbyAPI serves a model",
            All(WrittenIn("python"), Named("main.py", "start.py"), InPath("/tabbyapi/"))),
        new("llm/webui", WorkloadKind.LlmInference, 0.88, "text-generation-webui runs a model",
            All(WrittenIn("python"), Named("server.py", "one_click.py"), InPath("/text-generation-webui[^/]*/"))),
        new("llm/lm-studio", WorkloadKind.LlmInference, 0.9, "LM Studio runs a model",
            All(Any(InPath(@"/\.lmstudio/"), Named("lm-studio", "lm studio.exe", "lms")), Not(ElectronWindow))),

        new("image/comfyui", WorkloadKind.ImageGeneration, 0.95, "ComfyUI generates images",
            Any(Named("comfyui", "comfy"), All(WrittenIn("python"), Named("main.py"), InPath("/comfyui[^/]*/")))),
        new("image/webui", WorkloadKind.ImageGeneration, 0.93, "Stable Diffusion's web interface",
            All(WrittenIn("python"), Named("launch.py", "webui.py", "entry_with_update.py"),
                InPath("/(stable-diffusion-webui|sd-webui|forge|fooocus|sdnext|automatic)[^/]*/"))),
        new("image/server", WorkloadKind.ImageGeneration, 0.93, "a known image generator",
            Named("invokeai-web", "invokeai", "swarmui", "sd-server", "sd.cpp", "stable-diffusion.cpp", "sd-cli", "easydiffusion", "entry_with_update.py")),

        new("training/launcher", WorkloadKind.MlTraining, 0.95, "a training launcher",
            Any(Named("torchrun", "torch.distributed.run", "torch.distributed.launch", "accelerate.commands.launch", "deepspeed", "axolotl",
                "axolotl.cli.train", "unsloth", "horovodrun", "kohya_gui.py"),
                All(Named("accelerate"), HasArgument("^launch$")), All(Named("llamafactory-cli"), HasArgument("^train$")))),
        new("training/worker", WorkloadKind.MlTraining, 0.93, "a worker of a training launcher", NamedLike(@"^ray::.*train")),
        new("training/below-launcher", WorkloadKind.MlTraining, 0.9, "a script that a training launcher started",
            All(WrittenIn("python"), Below("torchrun", "accelerate", "deepspeed", "axolotl", "horovodrun"))),
        new("training/script", WorkloadKind.MlTraining, 0.85, "a training script",
            All(WrittenIn("python"), NamedLike(@"(^|[_.-])(pre)?(train|finetune|fine_tune|sft|dpo|grpo|rlhf|lora_train)([_.-].*)?$"))),
    ];
}
