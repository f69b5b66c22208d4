using GpuPlatform.Collector.Processes;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Requests.Clients;

/// <summary>The process at the other end of a connection.</summary>
/// <param name="Pid">In the host's pid namespace.</param>
/// <param name="StartedAt">With the pid its identity.</param>
/// <param name="ProcessName">Short name; null when it could not be read.</param>
/// <param name="CountAs">Name to count it by; null when it says no more than that an interpreter runs something.</param>
internal sealed record ClientProcess(int Pid, DateTimeOffset StartedAt, string? ProcessName, string? CountAs)
{
    public static ClientProcess Of(int pid, DateTimeOffset startedAt, ProcessFacts facts)
    {
        var name = ClientNames.Clean(facts.Name);
        return new(pid, startedAt, name, InterpreterIn(facts) is null ? name : ClientNames.Clean(Scripts.NameIn(facts.CommandLine ?? [])));
    }

    /// <summary>The client with its process; it is named after it when the request itself said less.</summary>
    public LlmClient Describe(LlmClient client, ClientNames names)
    {
        var described = client with { Pid = Pid, ProcessName = ProcessName, ProcessStartedAt = StartedAt };
        var name = CountAs ?? (client.Source == LlmClientSource.Unknown ? ProcessName : null);
        return name is null || !ClientIdentity.IsWeak(client) ? described : described with { Name = names.Admit(name), Source = LlmClientSource.Process };
    }

    // A newer Node names its first thread, and with it the process, MainThread
    private static string? InterpreterIn(ProcessFacts facts) =>
        new[] { facts.Name, facts.CommandLine is [var program, ..] ? program : null, facts.ExecutablePath }.FirstOrDefault(name => name is not null && Scripts.IsInterpreter(name));
}
