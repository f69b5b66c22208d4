using System.Text;
using GpuPlatform.Collector.Processes;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Processes;

public sealed class ProcessEnvironmentTests : IDisposable
{
    private readonly TemporaryTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Only_the_listed_names_are_taken()
    {
        var found = Read("HOME=/home/u", "SteamAppId=570", "OPENAI_API_KEY=hunter2", "CUDA_VISIBLE_DEVICES=0,1", "steamappid=1", "SteamAppIdX=2", "OLLAMA_API_KEY=hunter2");
        Assert.Equal([("CUDA_VISIBLE_DEVICES", "0,1"), ("SteamAppId", "570")], Sorted(found));
    }

    [Fact]
    public void Values_are_cleaned_cut_and_redacted()
    {
        var found = Read("WINEPREFIX=/a\u001b[31m\nb", "OLLAMA_HOST=http://me:hunter2@host:11434", $"PROTONPATH={new string('p', 5000)}", "SteamGameId=hf_abcdefghijklmnopqrstuvwx");
        Assert.Equal("/a [31m b", found["WINEPREFIX"]);
        Assert.Equal("http://***@host:11434", found["OLLAMA_HOST"]);
        Assert.InRange(found["PROTONPATH"].Length, 1, ProcessEnvironment.MostValueCharacters + 1);
        Assert.Equal("***", found["SteamGameId"]);
    }

    [Theory]
    [InlineData("GAMEID=umu-570", true)]
    [InlineData("UMU_ID=umu-570", true)]
    [InlineData("GAMEID=something else", false)]
    [InlineData("HOME=/", false)]
    public void Names_that_others_use_too_count_only_beside_umu(string first, bool kept) =>
        Assert.Equal(kept, Read(first, "STORE=gog").ContainsKey("STORE"));

    [Fact]
    public void Of_a_name_set_twice_the_first_counts() => Assert.Equal("1", Read("SteamAppId=1", "SteamAppId=2")["SteamAppId"]);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16_370)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [InlineData(40_000)]
    [InlineData(900_000)]
    public void A_name_is_found_wherever_it_stands(int bytesBefore)
    {
        var text = new string('x', Math.Max(0, bytesBefore - 1)) + (bytesBefore > 0 ? "\0" : "") + "SteamAppId=570\0WINEPREFIX=/w\0";
        Assert.Equal([("SteamAppId", "570"), ("WINEPREFIX", "/w")], Sorted(Read(Encoding.ASCII.GetBytes(text))));
    }

    [Fact]
    public void Many_small_entries_are_read_whole_across_every_boundary()
    {
        for (var length = 1; length < 60; length++)
        {
            var entry = $"A{new string('b', length)}=c\0";
            var text = string.Concat(Enumerable.Repeat(entry, 40_000 / entry.Length)) + "SteamAppId=570\0" + entry;
            Assert.Equal([("SteamAppId", "570")], Sorted(Read(Encoding.ASCII.GetBytes(text))));
        }
    }

    [Fact]
    public void It_ends_whatever_the_length() =>
        Assert.Empty(Read(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("A=b\0", 700_000)) + "SteamAppId=570\0")));

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0")]
    [InlineData("=\0=x\0SteamAppId\0")]
    [InlineData("SteamAppId=5")] // cut: nobody knows how it goes on
    public void Nothing_is_made_of_nothing(string text) => Assert.Empty(Read(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Bytes_that_are_no_text_are_survived()
    {
        var random = new Random(3);
        for (var round = 0; round < 300; round++)
        {
            var bytes = new byte[random.Next(40_000)];
            random.NextBytes(bytes);
            Read([.. bytes, 0, .. "WINEPREFIX="u8, 0xff, 0xfe, 0]).TryGetValue("WINEPREFIX", out var value);
            Assert.Equal("\ufffd\ufffd", value);
        }
    }

    private static IEnumerable<(string, string)> Sorted(SortedDictionary<string, string> found) =>
        found.Select(pair => (pair.Key, pair.Value));

    private SortedDictionary<string, string> Read(params string[] entries) =>
        Read(Encoding.UTF8.GetBytes(string.Concat(entries.Select(entry => entry + "\0"))));

    private SortedDictionary<string, string> Read(byte[] bytes)
    {
        _tree.Write("environ", bytes);
        using var file = File.OpenHandle(Path.Combine(_tree.Root, "environ"));
        return ProcessEnvironment.Read(file);
    }
}
