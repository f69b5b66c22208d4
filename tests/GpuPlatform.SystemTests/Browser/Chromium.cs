using System.Diagnostics;
using Microsoft.Playwright;

namespace GpuPlatform.SystemTests.Browser;

/// <summary>Starts a real Chromium: the system's own, else Debian's package (as root), else the one Playwright fetches.</summary>
internal static class Chromium
{
    static readonly string[] Candidates =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/microsoft-edge",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];

    static readonly string[] Arguments =
    [
        "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--disable-dev-shm-usage",
    ];

    public static async Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        var path = Candidates.FirstOrDefault(File.Exists);
        if (path is null && Environment.IsPrivilegedProcess && File.Exists("/usr/bin/apt-get"))
        {
            await InstallWithApt();
            path = Candidates.FirstOrDefault(File.Exists);
        }

        if (path is null && Microsoft.Playwright.Program.Main(["install", "chromium"]) is not 0 and var code)
        {
            throw new InvalidOperationException(
                $"no Chromium was found and Playwright could not fetch one (exit code {code}); install one, for instance: sudo apt-get install chromium");
        }

        // Chromium refuses to run its sandbox as root.
        string[] arguments = Environment.IsPrivilegedProcess ? [.. Arguments, "--no-sandbox"] : Arguments;
        return await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Headless = true, Args = arguments });
    }

    static async Task InstallWithApt()
    {
        TestContext.Current.SendDiagnosticMessage("installing Debian's chromium package for the browser tests");
        const string Script = "export DEBIAN_FRONTEND=noninteractive; i='apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 chromium'; "
            + "for n in 1 2 3 4 5; do apt-get update && $i && exit 0; sleep 10; done; exit 1";
        using var apt = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Script]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = Task.WhenAll(apt.StandardOutput.ReadToEndAsync(), apt.StandardError.ReadToEndAsync());
        await apt.WaitForExitAsync();
        if (apt.ExitCode != 0)
        {
            throw new InvalidOperationException("apt-get could not install chromium: " + string.Join('\n', await output));
        }
    }
}
