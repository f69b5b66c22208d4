using GpuPlatform.Collector.NvidiaSmi;
using GpuPlatform.Collector.Nvml;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.NvidiaSmi;

/// <summary>A program named nvidia-smi that prints what a test says, run as a real process.</summary>
internal sealed class SmiProgram : IDisposable
{
    private readonly TemporaryTree _tree = new();
    private readonly string _path;

    public SmiProgram(TimeSpan? timeout = null)
    {
        _path = Path.Combine(_tree.Root, "nvidia-smi");
        Say("");
        File.WriteAllText(_path, $"#!/bin/sh\necho run >> '{Runs}'\n. '{Answers}'\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // A process that another test is just starting may still hold the file open for writing; then the system does not run it
        var command = new SmiCommand(_path, TimeSpan.FromSeconds(60));
        while (command.Run().Failure?.Contains("busy", StringComparison.OrdinalIgnoreCase) == true)
            Thread.Yield();
        File.Delete(Runs);
        Source = new SmiSource(new SmiCommand(_path, timeout ?? TimeSpan.FromSeconds(60)), new SleepingGpus(_tree.Root), Clock);
    }

    public ManualTimeProvider Clock { get; } = new();

    public SmiSource Source { get; }

    public string Root => _tree.Root;

    public int RunCount => File.Exists(Runs) ? File.ReadAllLines(Runs).Length : 0;

    private string Answers => Path.Combine(_tree.Root, "answers");

    private string Runs => Path.Combine(_tree.Root, "runs");

    /// <summary>A shell function <c>answer</c> prints, for the fields it is asked for, the values of each GPU by their names.</summary>
    public void Answer(params IReadOnlyList<(string Field, string Value)>[] gpus)
    {
        var script = "for a in \"$@\"; do case \"$a\" in --query-gpu=*) fields=${a#*=};; esac; done\n";
        foreach (var gpu in gpus)
        {
            script += "line=; for f in $(echo \"$fields\" | tr , ' '); do case $f in\n";
            foreach (var (field, value) in gpu)
                script += $"{field}) v='{value}';;\n";
            script += "*) v='[N/A]';; esac; line=\"$line, $v\"; done; echo \"${line#, }\"\n";
        }
        Say(script);
    }

    /// <summary>What the program does, in lines of shell.</summary>
    public void Say(string script) => File.WriteAllText(Answers, script + "\n");

    public GpuReading Read(int position = 0)
    {
        Source.Open();
        var reading = default(GpuReading);
        Source.Gpus[position].Read(ref reading);
        return reading;
    }

    public void Dispose()
    {
        Source.Dispose();
        _tree.Dispose();
    }
}
