using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Tap;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Ollama.Tap;

public sealed class PieceTimesTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly ReplyReader _reader;

    public PieceTimesTests() => _reader = new ReplyReader(LlmEndpoint.Find("POST", "/api/chat")!, streams: true, _time);

    private ReplyFacts Facts => _reader.Facts;

    [Fact]
    public void The_first_the_first_visible_and_the_last_piece_have_their_times()
    {
        Arrives("""{"message":{"role":"assistant","content":""},"done":false}""" + "\n");
        Assert.Null(Facts.FirstTokenAt);

        var thought = Arrives("""{"message":{"thinking":"Hm"}}""" + "\n");
        Assert.Equal((thought, null), (Facts.FirstTokenAt, Facts.FirstVisibleTokenAt));

        var answered = Arrives("""{"message":{"content":"Hi"}}""" + "\n");
        var last = Arrives("""{"message":{"content":"!"}}""" + "\n");
        Arrives("""{"message":{"content":""},"done":true}""" + "\n");
        Assert.Equal((thought, answered, last, 3), (Facts.FirstTokenAt, Facts.FirstVisibleTokenAt, Facts.LastTokenAt, Facts.TokenPieceCount));
    }

    [Fact]
    public void A_piece_in_two_reads_counts_when_it_is_whole()
    {
        Arrives("""{"message":{"content":"Hi""");
        Assert.Equal((null, 0), (Facts.FirstTokenAt, Facts.TokenPieceCount));
        var whole = Arrives("\"}}");
        Assert.Equal((whole, 1), (Facts.FirstTokenAt, Facts.TokenPieceCount));
    }

    [Fact]
    public void A_reply_of_one_document_has_no_pieces()
    {
        var reader = new ReplyReader(LlmEndpoint.Find("POST", "/api/chat")!, streams: false, _time);
        reader.Read("""{"message":{"content":"Hi"},"done":true,"eval_count":1}"""u8, _time.GetTimestamp());
        reader.End();
        Assert.Equal((null, 0, null), (reader.Facts.FirstTokenAt, reader.Facts.TokenPieceCount, reader.Facts.Gaps));
    }

    [Fact]
    public void Of_a_burst_the_first_piece_has_the_gap()
    {
        const string Piece = """{"message":{"content":"a"}}""" + "\n";
        Arrives(Piece);
        Assert.Null(Facts.Gaps);
        _time.Advance(TimeSpan.FromMilliseconds(49));
        Arrives(Piece + Piece + Piece);
        Assert.Equal(3, Facts.Gaps!.Count);
        Assert.Equal(0, Facts.Gaps.P50Ms);
        Assert.InRange(Facts.Gaps.P99Ms!.Value, 49, 51);
    }

    [Fact]
    public void The_rate_is_that_of_the_last_seconds()
    {
        const string Piece = """{"message":{"content":"a"}}""" + "\n";
        Assert.Null(Rate);
        Arrives(Piece);
        Assert.Null(Rate);
        for (var i = 0; i < 20; i++) Arrives(Piece, TimeSpan.FromMilliseconds(100));
        Assert.Equal(10, Rate!.Value, 1);
        for (var i = 0; i < 600; i++) Arrives(Piece, TimeSpan.FromMilliseconds(10));
        Assert.Equal(100, Rate!.Value, 1);
        // It falls while nothing comes, to nothing
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.InRange(Rate.Value, 50, 80);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0, Rate.Value);
        for (var i = 0; i < 60; i++) Arrives(Piece, TimeSpan.FromMilliseconds(100));
        Assert.Equal(10, Rate.Value, 1);
    }

    [Fact]
    public async Task The_rate_and_the_times_may_be_asked_while_pieces_come()
    {
        using var over = new CancellationTokenSource();
        var now = _time.GetTimestamp();
        var asking = Task.Run(() =>
        {
            var asked = 0;
            for (; !over.IsCancellationRequested || asked == 0; asked++)
            {
                Assert.True(_reader.TokensPerSecond(now + 10 * TimeSpan.TicksPerMinute) is null or >= 0 and < 1e6);
                Assert.True(Facts.FirstTokenAt is null || Facts.FirstTokenAt == now);
                Assert.True(Facts.LastTokenAt is null || Facts.LastTokenAt >= now);
            }
            return asked;
        }, TestContext.Current.CancellationToken);
        for (var i = 0; i < 200_000; i++) _reader.Read("{\"message\":{\"content\":\"a\"}}\n"u8, now + i * 10_000);
        await over.CancelAsync();
        Assert.True(await asking > 0);
        Assert.Equal(200_000, Facts.TokenPieceCount);
    }

    private double? Rate => _reader.TokensPerSecond(_time.GetTimestamp());

    private long Arrives(string text, TimeSpan? after = null)
    {
        _time.Advance(after ?? TimeSpan.FromMilliseconds(1));
        var now = _time.GetTimestamp();
        _reader.Read(System.Text.Encoding.UTF8.GetBytes(text), now);
        return now;
    }
}
