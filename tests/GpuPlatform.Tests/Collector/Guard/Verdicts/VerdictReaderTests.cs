using System.Text;
using GpuPlatform.Collector.Guard.Verdicts;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Guard.Verdicts;

public sealed class VerdictReaderTests
{
    [Fact]
    public void What_the_bus_library_writes_is_read()
    {
        var sent = SomeVerdicts.Verdict();

        Assert.Null(VerdictReader.Read(SomeVerdicts.Envelope(sent), SomeVerdicts.Node, SomeVerdicts.Now, out var read));
        Assert.Equal(sent with { Rules = null }, read! with { Rules = null });
        Assert.Equal(sent.Rules, read.Rules);
    }

    [Fact]
    public void A_kind_of_a_newer_classifier_costs_the_kind_not_the_verdict()
    {
        var text = Encoding.UTF8.GetString(SomeVerdicts.Envelope(SomeVerdicts.Verdict())).Replace("\"gaming\"", "\"quantum\"", StringComparison.Ordinal);

        Assert.Null(Read(text, out var read));
        Assert.Equal(WorkloadKind.General, read!.Kind);
    }

    [Theory]
    [InlineData("", "unreadable")]
    [InlineData("null", "other-type")]
    [InlineData("[]", "unreadable")]
    [InlineData("{", "unreadable")]
    [InlineData("{}", "other-type")]
    [InlineData("{\"messageType\":[null]}", "other-type")]
    [InlineData("{\"messageType\":[\"urn:message:GpuPlatform.Contracts:GpuSampled\"],\"message\":{}}", "unreadable")]
    [InlineData("{\"messageType\":[\"urn:message:GpuPlatform.Contracts:ProcessClassified\"]}", "unreadable")]
    [InlineData("{\"messageType\":[\"urn:message:GpuPlatform.Contracts:ProcessClassified\"],\"message\":null}", "unreadable")]
    [InlineData("{\"messageType\":[\"urn:message:GpuPlatform.Contracts:ProcessClassified\"],\"message\":{\"nodeId\":\"desk\"}}", "unreadable")]
    internal void What_is_no_verdict_is_ignored_with_the_reason(string text, string problem)
    {
        Assert.Equal(problem, Read(text, out var read));
        Assert.Null(read);
    }

    [Fact]
    public void A_type_in_the_wrong_place_is_ignored()
    {
        var text = Encoding.UTF8.GetString(SomeVerdicts.Envelope(SomeVerdicts.Verdict()));

        Assert.Equal("unreadable", Read(text.Replace("4711", "\"4711 or so\"", StringComparison.Ordinal), out _));
        Assert.Equal("unreadable", Read(text.Replace("4711", "471100000000000", StringComparison.Ordinal), out _));
        Assert.Equal("other-type", Read(text.Replace("ProcessClassified", "ProcessClassifiedToo", StringComparison.Ordinal), out _));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_ignored()
    {
        var body = SomeVerdicts.Envelope(SomeVerdicts.Verdict());
        body[body.AsSpan().IndexOf("Steam started"u8)] = 0xff;

        Assert.Equal("unreadable", VerdictReader.Read(body, SomeVerdicts.Node, SomeVerdicts.Now, out _));
    }

    [Fact]
    public void A_message_larger_than_any_verdict_is_not_even_looked_at()
    {
        var verdict = SomeVerdicts.Verdict() with { Reason = new string('x', VerdictReader.LargestBytes) };

        Assert.Equal("too-large", VerdictReader.Read(SomeVerdicts.Envelope(verdict), SomeVerdicts.Node, SomeVerdicts.Now, out _));
    }

    [Fact]
    public void A_verdict_that_cannot_be_is_ignored()
    {
        var good = SomeVerdicts.Verdict();
        ProcessClassified[] bad =
        [
            good with { Pid = 0 }, good with { Pid = -4 }, good with { StartedAt = default }, good with { ObservedAt = default }, good with { Confidence = 1.5 },
            good with { Confidence = -0.1 }, good with { Rule = "" }, good with { Rule = new string('r', 300) }, good with { Rule = null! }, good with { Reason = null! },
            good with { Reason = new string('x', 5000) }, good with { Rules = [null!] }, good with { ObservedAt = SomeVerdicts.Now.AddHours(1) },
            good with { Rules = [.. Enumerable.Repeat(good.Rules![0], 101)] },
        ];

        foreach (var verdict in bad)
            Assert.Contains(VerdictReader.Read(SomeVerdicts.Envelope(verdict), SomeVerdicts.Node, SomeVerdicts.Now, out _), (string?[])["impossible", "unreadable"]);
    }

    [Fact]
    public void A_verdict_on_another_host_is_not_this_hosts()
    {
        Assert.Equal(VerdictReader.OtherNode, VerdictReader.Read(SomeVerdicts.Envelope(SomeVerdicts.Verdict() with { NodeId = "rack" }), SomeVerdicts.Node, SomeVerdicts.Now, out _));
    }

    private static string? Read(string text, out ProcessClassified? verdict) => VerdictReader.Read(Encoding.UTF8.GetBytes(text), SomeVerdicts.Node, SomeVerdicts.Now, out verdict);
}
