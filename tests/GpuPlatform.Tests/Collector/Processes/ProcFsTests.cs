using System.Text;
using GpuPlatform.Collector.Processes;
using GpuPlatform.Collector.Processes.Steam;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Logging.Abstractions;

namespace GpuPlatform.Tests.Collector.Processes;

public sealed class ProcFsTests : IDisposable
{
    private const long BootedAtSeconds = 1_760_000_000;
    private readonly TemporaryTree _tree = new();
    private readonly ProcFs _proc;

    public ProcFsTests()
    {
        _proc = new ProcFs(_tree.Root);
        _tree.Write("proc/stat", $"cpu  1 2 3 4\nintr 9\nbtime {BootedAtSeconds}\nprocesses 7\n");
        _tree.Write("etc/passwd", "root:x:0:0:root:/root:/bin/bash\nplayer:x:1000:1000::/home/player:/bin/bash\nbroken\n::::\n");
        Process(1, "systemd", parent: 0, startTicks: 10);
        Process(50, "steam", parent: 1, startTicks: 5_000);
        Process(70, "Game.x86_64", parent: 50, startTicks: 123_456);
    }

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Everything_the_kernel_shows_of_a_process_is_read()
    {
        var facts = _proc.Read(70);
        Assert.Equal("Game.x86_64", facts.Name);
        Assert.Equal("/opt/Game.x86_64", facts.ExecutablePath);
        Assert.Equal(["/opt/Game.x86_64", "", "-windowed"], facts.CommandLine);
        Assert.Equal("player", facts.UserName);
        Assert.Equal(["steam", "systemd"], facts.Ancestors);
        Assert.Equal("/user.slice/app-steam-app1-70.scope", facts.ControlGroup);
        Assert.Equal((ProcessRuntime.Steam, "1"), (facts.Scope!.Runtime, facts.Scope.ApplicationId));
        Assert.Equal([KeyValuePair.Create("SteamAppId", "1")], facts.Environment);
        Assert.Equal("/opt", facts.WorkingDirectory);
    }

    [Fact]
    public void An_environment_without_what_counts_is_empty_and_one_that_is_closed_is_null()
    {
        _tree.Write("proc/70/environ", "HOME=/root\0HF_TOKEN=hunter2\0");
        Assert.Empty(_proc.Read(70).Environment!);
        File.Delete(Path.Combine(_tree.Root, "proc/70/environ"));
        Assert.Null(_proc.Read(70).Environment);
    }

    [Fact]
    public void Secrets_in_the_path_of_the_program_are_removed()
    {
        _tree.Remove("proc/70");
        _tree.Write("proc/70/stat", Stat(70, "x", 1, 5));
        _tree.Link("proc/70/exe", "/mnt/https://me:hunter2@host/x");
        Assert.Equal("/mnt/https://***@host/x", _proc.Read(70).ExecutablePath);
    }

    [Fact]
    public void Start_time_is_boot_time_plus_ticks()
    {
        Assert.True(_proc.TryReadStamp(70, out var stamp));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(BootedAtSeconds * 1000 + 1_234_560), stamp.StartedAt);
    }

    [Fact]
    public void A_clock_step_does_not_move_start_times()
    {
        Assert.True(_proc.TryReadStamp(70, out var before));
        _tree.Write("proc/stat", $"btime {BootedAtSeconds + 3600}\n");
        Assert.True(_proc.TryReadStamp(70, out var after));
        Assert.Equal(before, after);
    }

    [Theory]
    [InlineData("a) b (c")]
    [InlineData("((((")]
    [InlineData(") R 1 1 1")]
    [InlineData("two\nlines")]
    [InlineData("")]
    public void Hostile_names_are_cut_at_the_outer_parentheses(string name)
    {
        Process(70, name, parent: 50, startTicks: 42);
        Assert.True(_proc.TryReadStamp(70, out var stamp));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(BootedAtSeconds * 1000 + 420), stamp.StartedAt);
        Assert.Equal(name.Length == 0 ? null : name.Replace('\n', ' '), _proc.Read(70).Name);
        Assert.Equal(["steam", "systemd"], _proc.Read(70).Ancestors);
    }

    [Theory]
    [InlineData("")]
    [InlineData("70")]
    [InlineData("70 (x) R")]
    [InlineData("70 (x) R one 1 1 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 99 0 0")]
    [InlineData("70 (x) R 1 1 1 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 -5 0 0")]
    [InlineData("70 (x) R 1 1 1 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 99999999999999999999 0 0")]
    [InlineData("70 (x) R 1 1 1 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 9223372036854775807 0 0")]
    public void A_damaged_stat_is_no_process(string stat)
    {
        _tree.Write("proc/70/stat", stat);
        Assert.False(_proc.TryReadStamp(70, out _));
    }

    [Fact]
    public void A_process_that_is_gone_is_unknown()
    {
        _tree.Remove("proc/70");
        Assert.False(_proc.TryReadStamp(70, out _));
        Assert.Equal(ProcessFacts.Unknown, _proc.Read(70));
    }

    [Fact]
    public void A_clock_that_was_set_counts_for_processes_found_afterwards()
    {
        Assert.True(_proc.TryReadStamp(50, out _));
        _proc.EndTick();
        _tree.Write("proc/stat", $"btime {BootedAtSeconds + 3600}\n");
        Assert.True(_proc.TryReadStamp(50, out var before));
        Assert.True(_proc.TryReadStamp(70, out var after));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(BootedAtSeconds + 50), before.StartedAt);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(BootedAtSeconds * 1000 + 3_600_000 + 1_234_560), after.StartedAt);
    }

    [Fact]
    public void A_boot_time_that_wobbles_by_a_second_is_the_same()
    {
        Assert.True(_proc.TryReadStamp(70, out var before));
        _proc.EndTick();
        _proc.EndTick();
        _tree.Write("proc/stat", $"btime {BootedAtSeconds + 1}\n");
        Assert.True(_proc.TryReadStamp(70, out var after));
        Assert.Equal(before, after);
    }

    [Fact]
    public void A_program_that_runs_itself_again_is_another_program_of_the_same_process()
    {
        _tree.Write("proc/70/stat", Stat(70, "python3", 1, 5) with { ArgumentsStart = 1000 });
        Assert.True(_proc.TryReadStamp(70, out var before));
        _tree.Write("proc/70/stat", Stat(70, "python3", 1, 5) with { ArgumentsStart = 2000 });
        Assert.True(_proc.TryReadStamp(70, out var after));
        Assert.Equal(before.StartedAt, after.StartedAt);
        Assert.NotEqual(before.Program, after.Program);
    }

    [Fact]
    public void A_process_that_ends_is_still_the_same_and_no_other_program()
    {
        _tree.Write("proc/70/stat", Stat(70, "game", 1, 5) with { State = 'Z' });
        Assert.True(_proc.TryReadStamp(70, out var stamp));
        Assert.Null(stamp.Program);
    }

    [Fact]
    public void A_process_without_threads_that_its_parent_has_not_noticed_is_gone()
    {
        _tree.Write("proc/70/stat", Stat(70, "game", 1, 5) with { State = 'Z', ThreadCount = 1 });
        Assert.False(_proc.TryReadStamp(70, out _));
    }

    [Fact]
    public void A_renamed_process_has_the_same_start_and_another_stamp()
    {
        Assert.True(_proc.TryReadStamp(70, out var before));
        Process(70, "VLLM::EngineCor", parent: 50, startTicks: 123_456);
        Assert.True(_proc.TryReadStamp(70, out var after));
        Assert.Equal(before.StartedAt, after.StartedAt);
        Assert.NotEqual(before, after);
    }

    [Fact]
    public void Arguments_that_are_not_utf8_are_read_all_the_same()
    {
        _tree.Write("proc/70/cmdline", [(byte)'a', 0xff, 0, (byte)'b', 0x1b, 0]);
        Assert.Equal(["a\ufffd", "b "], _proc.Read(70).CommandLine);
    }

    [Fact]
    public void Endless_arguments_are_cut()
    {
        _tree.Write("proc/70/cmdline", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(new string('x', 3000) + '\0', 1000))));
        var arguments = _proc.Read(70).CommandLine!;
        Assert.InRange(arguments.Count, 1, 129);
        Assert.All(arguments, argument => Assert.InRange(argument.Length, 1, ProcessText.MostCharacters + 1));
        Assert.Equal(CommandLineRedaction.More, arguments[^1]);
    }

    [Fact]
    public void Of_a_secret_at_the_end_of_what_is_read_nothing_is_shown()
    {
        _tree.Write("proc/70/cmdline", new string('x', 16 * 1024 - 20) + "\0https://me:hunter2hunter2@host\0");
        Assert.DoesNotContain(_proc.Read(70).CommandLine!, argument => argument.Contains("hunter", StringComparison.Ordinal));
    }

    [Fact]
    public void What_may_not_be_read_is_null()
    {
        _tree.Remove("proc/70");
        _tree.Write("proc/70/stat", Stat(70, "secret", 1, 5));
        var facts = _proc.Read(70);
        Assert.Equal("secret", facts.Name);
        Assert.Null(facts.ExecutablePath);
        Assert.Null(facts.CommandLine);
        Assert.Null(facts.UserName);
        Assert.Null(facts.ControlGroup);
        Assert.Null(facts.WorkingDirectory);
    }

    [Fact]
    public async Task A_program_in_a_steam_library_has_its_game_as_soon_as_the_library_is_read()
    {
        _tree.Write("home/player/.local/share/Steam/steamapps/appmanifest_1.acf", "\"AppState\" { \"appid\" \"1\" \"name\" \"The Game\" \"installdir\" \"game\" }");
        _tree.Write("proc/70/cmdline", "Z:\\home\\player\\.local\\share\\Steam\\steamapps\\common\\game\\game.exe\0");
        var libraries = new SteamLibraries(_tree.Root, TimeProvider.System, NullLogger<SteamLibraries>.Instance);
        var proc = new ProcFs(_tree.Root, libraries);
        proc.Read(70);
        await Until.True(() => !libraries.IsRefreshing);
        Assert.Equal((new InstalledGame { AppId = 1, Name = "The Game" }, false), (proc.Read(70).Game, proc.Read(70).MoreMayCome));
    }

    [Fact]
    public void An_unknown_user_is_a_number_and_a_new_one_is_found()
    {
        _tree.Write("proc/70/status", "Name:\tx\nUid:\t1234\t1234\t1234\t1234\n");
        Assert.Equal("1234", _proc.Read(70).UserName);
        _tree.Write("etc/passwd", "late:x:1234:1234::/:/bin/sh\n");
        File.SetLastWriteTimeUtc(Path.Combine(_tree.Root, "etc/passwd"), DateTime.UtcNow.AddMinutes(1));
        Assert.Equal("late", _proc.Read(70).UserName);
    }

    [Fact]
    public void A_circle_of_parents_ends()
    {
        Process(50, "steam", parent: 70, startTicks: 1);
        Assert.InRange(_proc.Read(70).Ancestors!.Count, 1, 16);
    }

    private void Process(int pid, string name, int parent, long startTicks)
    {
        _tree.Write($"proc/{pid}/stat", Stat(pid, name, parent, startTicks));
        _tree.Write($"proc/{pid}/cmdline", "/opt/Game.x86_64\0\0-windowed\0\0\0");
        _tree.Write($"proc/{pid}/status", "Name:\tGame\nUmask:\t0022\nUid:\t1000\t1000\t1000\t1000\nGid:\t1000\n");
        _tree.Write($"proc/{pid}/environ", "HOME=/home/player\0SteamAppId=1\0STEAM_TOKEN=hunter2\0");
        _tree.Write($"proc/{pid}/cgroup", "12:cpu:/legacy\n0::/user.slice/app-steam-app1-70.scope\n");
        if (new FileInfo(Path.Combine(_tree.Root, $"proc/{pid}/exe")).LinkTarget is null)
            _tree.Link($"proc/{pid}/exe", "/opt/Game.x86_64");
        if (new FileInfo(Path.Combine(_tree.Root, $"proc/{pid}/cwd")).LinkTarget is null)
            _tree.Link($"proc/{pid}/cwd", "/opt");
    }

    private static StatLine Stat(int pid, string name, int parent, long startTicks) => new(pid, name, parent, startTicks);
}
