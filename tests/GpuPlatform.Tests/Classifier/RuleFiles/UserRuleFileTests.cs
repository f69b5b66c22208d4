using System.Diagnostics;
using GpuPlatform.Classifier.RuleFiles;
using GpuPlatform.Classifier.Rules.Reading;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Classifier.RuleFiles;

/// <summary>Who writes the file beside others, as two replicas on one host do.</summary>
public sealed class UserRuleFileTests : IDisposable
{
    private const int RuleCount = 30;
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private readonly TemporaryTree _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Of_rules_that_two_replicas_write_at_once_none_is_lost()
    {
        await Writer().AddAsync(Named("old"), WorkloadKind.Gaming, CancellationToken.None);
        using var start = new Barrier(3);

        await Task.WhenAll(AddAsync("one"), AddAsync("two"), RemoveAndAddAsync());

        AssertRules([.. Names("one"), .. Names("two"), UserRuleFile.NameOf(Named("new"))]);
        Assert.Equal([UserRuleFile.LockName, UserRuleFile.Name], Files());

        Task AddAsync(string prefix) => Task.Factory.StartNew(
            () =>
            {
                var file = Writer();
                start.SignalAndWait();
                for (var i = 0; i < RuleCount; i++)
                    file.AddAsync(Named($"{prefix}{i}"), WorkloadKind.Gaming, CancellationToken.None).Wait();
            }, TaskCreationOptions.LongRunning);

        Task RemoveAndAddAsync() => Task.Factory.StartNew(
            () =>
            {
                var file = Writer();
                start.SignalAndWait();
                Assert.True(file.RemoveAsync(UserRuleFile.NameOf(Named("old")), CancellationToken.None).Result);
                file.AddAsync(Named("new"), WorkloadKind.Gaming, CancellationToken.None).Wait();
            }, TaskCreationOptions.LongRunning);
    }

    [Fact]
    public async Task Another_process_that_writes_under_the_same_lock_loses_nothing_and_nothing_of_its_own()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/flock"), "flock of util-linux is the other process");
        await Writer().AddAsync(Named("first"), WorkloadKind.Gaming, CancellationToken.None);
        using var other = Process.Start(new ProcessStartInfo("/bin/sh")
        {
            WorkingDirectory = _folder.Root,
            ArgumentList =
            {
                "-c",
                $$"""
                for i in $(seq {{RuleCount}}); do
                    flock {{UserRuleFile.LockName}} sh -c "{ cat {{UserRuleFile.Name}}; echo '- { name: other/$i, kind: video, says: other, when: { name: other$i } }'; } > .draft; mv .draft {{UserRuleFile.Name}}"
                done
                """,
            },
        })!;
        var file = Writer();
        for (var i = 0; i < RuleCount; i++)
            await file.AddAsync(Named($"one{i}"), WorkloadKind.Gaming, CancellationToken.None);
        await other.WaitForExitAsync(CancellationToken.None).WaitAsync(Long);

        AssertRules([UserRuleFile.NameOf(Named("first")), .. Names("one"), .. Enumerable.Range(1, RuleCount).Select(i => $"other/{i}")]);
    }

    [Fact]
    public async Task A_file_that_another_process_keeps_is_waited_for_no_longer_than_said()
    {
        await Writer().AddAsync(Named("first"), WorkloadKind.Gaming, CancellationToken.None);
        var impatient = new UserRuleFile(new UserRuleFolder(_folder.Root), TimeProvider.System) { Patience = TimeSpan.Zero };
        using (new FileStream(Path.Combine(_folder.Root, UserRuleFile.LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            var refusal = await Assert.ThrowsAsync<TimeoutException>(() => impatient.AddAsync(Named("second"), WorkloadKind.Gaming, CancellationToken.None));
            Assert.Contains(UserRuleFile.LockName, refusal.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<TimeoutException>(() => impatient.RemoveAsync(UserRuleFile.NameOf(Named("first")), CancellationToken.None));
            using var gone = new CancellationTokenSource();
            var waiting = Writer().AddAsync(Named("third"), WorkloadKind.Gaming, gone.Token);
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }
        await impatient.AddAsync(Named("second"), WorkloadKind.Gaming, CancellationToken.None);

        AssertRules([UserRuleFile.NameOf(Named("first")), UserRuleFile.NameOf(Named("second"))]);
    }

    [Fact]
    public async Task To_take_out_what_is_not_there_leaves_nothing_behind()
    {
        Assert.False(await Writer().RemoveAsync("user/none-00000000", CancellationToken.None));
        Assert.Empty(Files());
    }

    private UserRuleFile Writer() => new(new UserRuleFolder(_folder.Root), TimeProvider.System) { Patience = Long };

    private void AssertRules(string[] names)
    {
        var file = RuleFileReader.Read(UserRuleFile.Name, File.ReadAllText(Path.Combine(_folder.Root, UserRuleFile.Name)));
        Assert.Empty(file.Problems);
        Assert.Equal(names.Order(StringComparer.Ordinal), file.Rules.Select(rule => rule.Name).Order(StringComparer.Ordinal));
    }

    private IEnumerable<string?> Files() => Directory.GetFileSystemEntries(_folder.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Names(string prefix) => Enumerable.Range(0, RuleCount).Select(i => UserRuleFile.NameOf(Named($"{prefix}{i}")));

    private static UserRuleMatch Named(string name) => new() { Name = name };
}
