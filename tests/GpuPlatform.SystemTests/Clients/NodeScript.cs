using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace GpuPlatform.SystemTests.Clients;

/// <summary>A script of this folder, run by Node.js with the clients from npm beside it. What it prints is one JSON document.</summary>
internal static class NodeScript
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    static readonly string Folder = typeof(NodeScript).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "ClientScripts").Value!;

    public static async Task<JsonElement> RunAsync(string script, params string[] arguments)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        using var process = Process.Start(new ProcessStartInfo("node", [script, .. arguments])
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var problems = await process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0
                ? JsonElement.Parse(await output)
                : throw new InvalidOperationException($"{script} ended with {process.ExitCode}: {problems}");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
