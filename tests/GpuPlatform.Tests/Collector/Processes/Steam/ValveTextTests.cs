using GpuPlatform.Collector.Processes.Steam;

namespace GpuPlatform.Tests.Collector.Processes.Steam;

public sealed class ValveTextTests
{
    [Fact]
    public void A_manifest_is_read()
    {
        var app = ValveText.Parse("""
            "AppState"
            {
            	"appid"		"367520"
            	"name"		"Hollow \"Knight\"" // as the shop calls it
            	"installdir"		"Hollow Knight"
            	"InstalledDepots" { "367522" { "manifest" "1" "size" "2" } }
            	"UserConfig" [$WIN32] { "language" "english" }
            	bare value
            }
            """)!.Blocks["appstate"];
        Assert.Equal(("367520", "Hollow \"Knight\"", "value"), (app.Values["AppId"], app.Values["name"], app.Values["bare"]));
        Assert.Equal("2", app.Blocks["InstalledDepots"].Blocks["367522"].Values["size"]);
        Assert.Equal("english", app.Blocks["UserConfig"].Values["language"]);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("// nothing\n", 0)]
    [InlineData("\ufeff\"a\" { }", 1)]
    [InlineData("a{b{c d}}", 1)]
    public void What_there_is_is_read(string text, int blocks) => Assert.Equal(blocks, ValveText.Parse(text)!.Blocks.Count);

    [Fact]
    public void Of_a_name_that_stands_twice_the_first_counts() =>
        Assert.Equal("1", ValveText.Parse("x 1 X 2")!.Values["x"]);

    [Theory]
    [InlineData("\"AppState\" {")]
    [InlineData("\"AppState\" { \"appid\"")]
    [InlineData("\"AppState\" { \"appid\" \"36")]
    [InlineData("}")]
    [InlineData("{ }")]
    [InlineData("\"a\" }")]
    [InlineData("\0AppState\0")]
    [InlineData("\"a\\")]
    public void What_is_damaged_or_half_written_is_nothing(string text) => Assert.Null(ValveText.Parse(text));

    [Fact]
    public void Endless_depth_is_refused() => Assert.Null(ValveText.Parse(string.Concat(Enumerable.Repeat("a{", 100_000))));

    [Fact]
    public void Any_text_comes_to_an_end()
    {
        const string letters = "\"{}\\/ \n[$]a1\0";
        var random = new Random(11);
        for (var round = 0; round < 20_000; round++)
            ValveText.Parse(string.Create(random.Next(40), random, (text, source) => source.GetItems(letters, text)));
    }
}
