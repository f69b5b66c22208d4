using GpuPlatform.Collector.Processes;

namespace GpuPlatform.Tests.Collector.Processes;

public sealed class CommandLineRedactionTests
{
    [Theory]
    [InlineData("serve --api-key hunter2 --port 80", "serve --api-key *** --port 80")]
    [InlineData("serve --api_key hunter2", "serve --api_key ***")]
    [InlineData("serve --token hunter2", "serve --token ***")]
    [InlineData("serve --hf-token hunter2", "serve --hf-token ***")]
    [InlineData("serve --password hunter2", "serve --password ***")]
    [InlineData("serve -password hunter2", "serve -password ***")]
    [InlineData("tool.exe /password hunter2", "tool.exe /password ***")]
    [InlineData("serve --client-secret hunter2", "serve --client-secret ***")]
    [InlineData("serve --TOKEN hunter2", "serve --TOKEN ***")]
    [InlineData("serve --api-key=hunter2 --port=80", "serve --api-key=*** --port=80")]
    [InlineData("serve --password=a;b,c&d", "serve --password=***")]
    [InlineData("env HF_TOKEN=hunter2 python", "env HF_TOKEN=*** python")]
    [InlineData("env AWS_SECRET_ACCESS_KEY=hunter2", "env AWS_SECRET_ACCESS_KEY=***")]
    [InlineData("env DB_PASSWD=hunter2", "env DB_PASSWD=***")]
    [InlineData("curl -u me:hunter2 http://h", "curl -u *** http://h")]
    [InlineData("curl --user me:hunter2", "curl --user ***")]
    [InlineData("sshpass -p hunter2 ssh", "sshpass -p *** ssh")]
    [InlineData("llama-cli --prompt hunter2", "llama-cli --prompt ***")]
    [InlineData("miner -o stratum+tcp://wallet:hunter2@pool:3333", "miner -o stratum+tcp://***@pool:3333")]
    [InlineData("git clone https://hunter2@example.org/x.git", "git clone https://***@example.org/x.git")]
    [InlineData("get https://h/x?api_key=hunter2&page=2", "get https://h/x?api_key=***&page=2")]
    [InlineData("get https://h/x?sv=1&access_key=hunter2", "get https://h/x?sv=1&access_key=***")]
    [InlineData("get https://h/x?sv=1&sig=hunter2", "get https://h/x?sv=1&sig=***")]
    [InlineData("java Main --username me --accessToken hunter2 --version 1", "java Main --username me --accessToken *** --version 1")]
    [InlineData("serve --clientSecret hunter2", "serve --clientSecret ***")]
    [InlineData("serve --dbpassword hunter2", "serve --dbpassword ***")]
    [InlineData("serve --openai-key hunter2", "serve --openai-key ***")]
    [InlineData("serve --api-keys hunter2,hunter3", "serve --api-keys ***")]
    [InlineData("java -Dpassword=hunter2 Main", "java -Dpassword=*** Main")]
    [InlineData("xfreerdp /u:me /p:hunter2 /v:host", "xfreerdp /u:me /p:*** /v:host")]
    [InlineData("x Bearer hunter2hunter2", "x Bearer ***")]
    public void Secrets_are_removed_and_the_rest_stays(string line, string expected) =>
        Assert.Equal(expected, string.Join(' ', CommandLineRedaction.Redact(line.Split(' '))));

    [Theory]
    [InlineData("Authorization: Bearer hunter2hunter2")]
    [InlineData("authorization:Basic aHVudGVyMg==")]
    [InlineData("X-Api-Key: hunter2")]
    [InlineData("{\"password\": \"hunter2 and more\"}")]
    [InlineData("{'token':'hunter2'}")]
    [InlineData("export HF_TOKEN=hunter2; python train.py")]
    [InlineData("vllm serve m --api-key hunter2 --port 1")]
    [InlineData("vllm serve m --api-key 'hunter2 x' --port 1")]
    [InlineData("Password=hunter2;Host=db")]
    [InlineData("Host=db;Username=u;Password=hunter2")]
    [InlineData("--connection-string=Host=db;Password=hunter2")]
    [InlineData("Endpoint=sb://h/;SharedAccessKeyName=n;SharedAccessKey=hunter2")]
    [InlineData("AccountName=n;AccountKey=hunter2==;EndpointSuffix=core")]
    [InlineData("{\"clientSecret\":\"hunter2\"}")]
    [InlineData("{\"accessToken\":\"hunter2\"}")]
    [InlineData("{\"password\":\"a\\\"hunter2\"}")]
    [InlineData("{\"password\":\"hunter2 and no end")]
    [InlineData("curl -d '{\\\"password\\\":\\\"hunter2\\\"}' http://h")]
    [InlineData("Cookie: a=b; c=hunter2")]
    [InlineData("--header=Authorization: Token hunter2")]
    [InlineData("sshpass -p hunter2 ssh host")]
    [InlineData("--api-key hunter2 --port 1")]
    [InlineData("ARGS=\"--api-key hunter2\"")]
    [InlineData("curl -u me:hunter2 http://h")]
    public void Secrets_inside_one_argument_are_removed(string argument)
    {
        var redacted = CommandLineRedaction.Redact(argument);
        Assert.DoesNotContain("hunter2", redacted, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("aHVudGVyMg", redacted, StringComparison.Ordinal);
        Assert.Contains(CommandLineRedaction.Removed, redacted, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sk-proj-abcdefghijklmnop1234")]
    [InlineData("hf_abcdefghijklmnopqrstuvwx")]
    [InlineData("ghp_abcdefghijklmnopqrstuvwxyz0123456789")]
    [InlineData("github_pat_11ABCDEFG0abcdefghijkl_mnop")]
    [InlineData("glpat-abcdefghij0123456789")]
    [InlineData("xoxb-1234567890-abcdefghij")]
    [InlineData("AKIAIOSFODNN7EXAMPLE")]
    [InlineData("nvapi-abcdefghijklmnopqrstuvwxyz")]
    [InlineData("xapp-1-A0123456789-abcdefghij")]
    [InlineData("sk_live_abcdefghijklmnop1234")]
    [InlineData("SG.abcdefghijklmnopqrst.abcdefghijklmnopqrst")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----")]
    public void Well_known_tokens_are_removed_wherever_they_stand(string token)
    {
        Assert.Equal(CommandLineRedaction.Removed, CommandLineRedaction.Redact(token));
        Assert.Equal("see ***", CommandLineRedaction.Redact($"see {token}"));
    }

    [Theory]
    [InlineData("https://hooks.slack.com/services/T0/B0/hunter2", "https://hooks.slack.com/***")]
    [InlineData("https://discord.com/api/webhooks/1/hunter2", "https://discord.com/api/webhooks/***")]
    [InlineData("https://api.telegram.org/bot123456789:AAabcdefghijklmnopqrstuvwxyz0123456/send", "https://api.telegram.org/bot***/send")]
    public void Addresses_that_are_secrets_keep_only_their_host(string address, string expected) =>
        Assert.Equal(expected, CommandLineRedaction.Redact(address));

    [Theory]
    [InlineData("/usr/bin/ollama runner --model /m/sha256-0123 --ctx-size 8192 --port 41231")]
    [InlineData("python -u train.py --tokenizer gpt2 --max-tokens 4096")]
    [InlineData("vllm serve m --max-num-batched-tokens=2048 --tokenizer-mode=auto")]
    [InlineData("blender -b shot.blend -o //out -a")]
    [InlineData("/home/u/steamapps/common/Hades II/Game.x86_64 -screen-fullscreen 1")]
    [InlineData("ffmpeg -hwaccel cuda -i in.mkv -c:v hevc_nvenc out.mkv")]
    [InlineData("chrome --type=gpu-process --ozone-platform=wayland")]
    [InlineData("torchrun --nproc_per_node=1 train.py")]
    [InlineData("serve --password --verbose")]
    [InlineData("pip install git+https://example.org/a@v1")]
    [InlineData("Xorg vt2 -displayfd 3 -nolisten tcp -keeptty")]
    [InlineData("blender --cycles-device OPTIX --keyframes 10 --bypass 1")]
    [InlineData("python -m sglang.launch_server --model-path /data/hf_checkpoints_llama3_70b --mem-fraction-static 0.9")]
    [InlineData("llama-server -m m.gguf -ngl 99 -c 8192 --parallel 4")]
    [InlineData("python train.py --seed 42 --num_tokens=100 --author=me")]
    public void What_classification_reads_stays(string line) =>
        Assert.Equal(line, string.Join(' ', CommandLineRedaction.Redact(line.Split(' '))));

    [Fact]
    public void A_secret_longer_than_what_is_shown_is_removed_whole() =>
        Assert.Equal("--token=***", CommandLineRedaction.Redact("--token=" + new string('x', 100_000)));

    [Theory]
    [InlineData("a")]
    [InlineData("-")]
    [InlineData("token-")]
    [InlineData("http://")]
    [InlineData("\"")]
    [InlineData("authorization ")]
    public void Hostile_repetition_does_not_take_its_time(string unit)
    {
        var argument = string.Concat(Enumerable.Repeat(unit, 100_000));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        CommandLineRedaction.Redact(Enumerable.Repeat(argument, 4).ToList());
        // What it took if its time grew with the square of the length would be many times that
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(2));
    }
}
