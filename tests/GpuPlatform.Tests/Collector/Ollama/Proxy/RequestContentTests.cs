using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using GpuPlatform.Collector.Ollama.Proxy;

namespace GpuPlatform.Tests.Collector.Ollama.Proxy;

public sealed class RequestContentTests
{
    [Fact]
    public async Task A_body_that_never_lets_wait_for_itself_leaves_the_thread_that_listens_to_sockets()
    {
        var body = new ReadyBody();
        using var content = new RequestContent([], body, null, null, TimeProvider.System);
        var passed = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var isOver = new ManualResetEventSlim();
        // It lives on meanwhile, so that no other thread gets its number
        var listener = new Thread(() =>
        {
            passed.SetResult(content.CopyToAsync(Stream.Null));
            isOver.Wait();
        });
        listener.Start();
        await (await passed.Task);
        isOver.Set();
        listener.Join();
        Assert.Equal(ReadyBody.Reads, body.Threads.Values.Sum());
        Assert.InRange(body.Threads[listener.ManagedThreadId], 1, ReadyBody.Reads / 10);
    }

    private sealed class ReadyBody : PipeReader
    {
        public const int Reads = 1000;

        public ConcurrentDictionary<int, int> Threads { get; } = new();

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            Threads.AddOrUpdate(Environment.CurrentManagedThreadId, 1, (_, count) => count + 1);
            return new(new ReadResult(new ReadOnlySequence<byte>("x"u8.ToArray()), isCanceled: false, isCompleted: Threads.Values.Sum() == Reads));
        }

        public override bool TryRead(out ReadResult result) => throw new NotSupportedException();

        public override void AdvanceTo(SequencePosition consumed)
        {
        }

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
        }

        public override void CancelPendingRead()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
