using System.Text;
using GpuPlatform.Collector.Ollama.Proxy;

namespace GpuPlatform.Tests.Collector.Ollama.Proxy;

public sealed class ProcessorOptionTests
{
    [Theory]
    [InlineData("""{"model":"m","prompt":"x"}""", """{"options":{"num_gpu":0},"model":"m","prompt":"x"}""")]
    [InlineData("""{ }""", """{"options":{"num_gpu":0} }""")]
    [InlineData("""{"options":null,"model":"m"}""", """{"options":{"num_gpu":0},"model":"m"}""")]
    [InlineData("""{"options" : { } ,"model":"m"}""", """{"options" : {"num_gpu":0 } ,"model":"m"}""")]
    [InlineData("""{"model":"m","options":{"num_ctx":8192,"stop":["a"]}}""", """{"model":"m","options":{"num_gpu":0,"num_ctx":8192,"stop":["a"]}}""")]
    [InlineData("""{"options":{"a":1,"num_gpu": 99 ,"b":2}}""", """{"options":{"a":1,"num_gpu": 0 ,"b":2}}""")]
    [InlineData("""{"options":{"num_gpu":[1,{"x":2}]}}""", """{"options":{"num_gpu":0}}""")]
    [InlineData("""{"OPTIONS":{"num_gpu":-1}}""", """{"OPTIONS":{"num_gpu":0}}""")]
    [InlineData("""{"opti\u006fns":{"num\u005fgpu":1}}""", """{"opti\u006fns":{"num\u005fgpu":0}}""")]
    [InlineData("""{"prompt":"{\"options\":{}}","options":{}}""", """{"prompt":"{\"options\":{}}","options":{"num_gpu":0}}""")]
    public void The_option_goes_where_it_holds_and_no_other_byte_changes(string body, string expected) => Assert.Equal(expected, Changed(body));

    [Theory]
    [InlineData("""{"options":{},"options":{"num_gpu":9}}""")]
    [InlineData("""{"options":{},"Options":{"num_gpu":9}}""")]
    [InlineData("""{"options":{"num_gpu":1,"num_gpu":2}}""")]
    [InlineData("""{"options":7}""")]
    [InlineData("""{"options":{}""")]
    [InlineData("""{"a":1} {"b":2}""")]
    [InlineData("""[{"options":{}}]""")]
    [InlineData("")]
    public void What_leaves_a_doubt_is_left_alone(string body) => Assert.Null(Changed(body));

    private static string? Changed(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        return ProcessorOption.Find(bytes) is { } found ? string.Concat(found.Into(bytes).Select(piece => Encoding.UTF8.GetString(piece.Span))) : null;
    }
}
