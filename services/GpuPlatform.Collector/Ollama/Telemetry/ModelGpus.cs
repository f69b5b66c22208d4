using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Telemetry;

/// <summary>Which GPUs a model server works on, by the processes that hold memory there.</summary>
internal sealed class ModelGpus(LatestSample latest)
{
    // As comm, as the name of the executable, or as an ancestor's comm, which the kernel cuts to 15 bytes
    private static readonly string[] OllamaNames = ["ollama"];
    private static readonly string[] ServerNames =
        ["ollama", "llama-server", "llama-swap", "llama-box", "llamafile", "koboldcpp", "vllm", "VLLM::", "sglang", "text-generation", "lmstudio", "lm-studio", "LM Studio", "llmster", "lms", "local-ai", "localai", "tabbyapi"];

    // Programs that an interpreter runs have its name: their module or script says what they are
    private static readonly string[] ServerModules = ["vllm", "vllm.entrypoints", "sglang.launch_server", "koboldcpp.py", "tabbyAPI", "mlc_llm"];

    /// <summary>The whole GPUs whose power a request at this server is to be charged with; none when nothing tells.</summary>
    public IReadOnlyList<string> Of(ModelServer server)
    {
        var snapshot = latest.Gpus;
        var whole = snapshot.Gpus.Where(gpu => gpu.ParentUuid is null).Select(gpu => gpu.Uuid).ToList();
        if (whole.Count <= 1) return whole;
        var servers = snapshot.Views.SelectMany(view => Processes(view).Where(process => Is(process, ServerNames) || RunsModule(process))
            .Select(process => (Gpu: view.Sample.ParentUuid ?? view.Sample.Uuid, IsOllama: Is(process, OllamaNames)))).ToList();
        var own = servers.Where(process => process.IsOllama == server.IsOllama).ToList();
        return [.. (own.Count > 0 ? own : servers).Select(process => process.Gpu).Distinct().Where(whole.Contains)];
    }

    private IEnumerable<GpuProcessObserved> Processes(GpuView view) =>
        (view.Processes ?? []).Select(usage => latest.Processes.Find(view.Sample.Uuid, usage)).OfType<GpuProcessObserved>();

    private static bool Is(GpuProcessObserved process, string[] names) =>
        names.Any(name => Begins(process.Name, name) || Begins(Path.GetFileName(process.ExecutablePath), name) || process.Ancestors?.Any(ancestor => Begins(ancestor, name)) == true);

    private static bool RunsModule(GpuProcessObserved process) => process.CommandLine?.Take(6).Any(argument =>
        ServerModules.Any(module => argument == module || Path.GetFileName(argument) == module || argument.StartsWith(module + ".", StringComparison.Ordinal))) == true;

    // A helper such as "ollama runner" carries its program's name in front; "lmstudio-bridge" does, too
    private static bool Begins(string? text, string name) =>
        text is not null && text.StartsWith(name, StringComparison.Ordinal) && (text.Length == name.Length || !char.IsAsciiLetterOrDigit(text[name.Length]) || name[^1] == ':');
}
