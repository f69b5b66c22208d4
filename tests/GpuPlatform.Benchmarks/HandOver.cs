using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles.Ollama;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace GpuPlatform.Benchmarks;

/// <summary>
/// From a game's start to the closed gate and the free memory, and from its end to serving again: a real process on a simulated GPU, the real collector,
/// classifier and broker, and a double of Ollama that unloads at once. Instants are those of the guard's own messages; the clock is the host's.
/// </summary>
internal static class HandOver
{
    private const int Rounds = 20;
    private const int WarmUps = 3;
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromSeconds(3);
    private const string Model = "talker:latest";
    private const string Game = "/home/player/.local/share/Steam/steamapps/common/Starfall/Starfall.x86_64";
    private static readonly TimeSpan EndDebounce = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("gpuplatform-handover-").FullName;
        var (servers, broker) = await LocalServers.RabbitMqAsync();
        await using var _ = servers;
        await using var ollama = await OllamaDouble.StartAsync();
        using var runners = new RunnerHouse(_ => "0:5000:compute:40");
        ollama.Models.Runners = runners;
        ollama.Models.Put(new OllamaModel(Model));
        Environment.SetEnvironmentVariable("ConnectionStrings__messaging", broker);
        using var classifier = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "GpuPlatform.Classifier.dll"), "--urls=http://127.0.0.1:0"]))!;
        var port = ProxyContender.FreePort();
        using var collector = CollectorProcess.Start(folder, [],
            "--Gpu:Source=simulated", "--Gpu:Simulated:Scene=marked", "--Node:Id=benchmark", "--Guard:Enabled=true", "--Ollama:Gpus=GPU-51m00000-0000-4000-8000-000000000000", $"--Guard:EndDebounce={EndDebounce}",
            $"--Ollama:Listen=http://127.0.0.1:{port}", $"--Ollama:Upstream={ollama.Address}");
        try
        {
            await using var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync();
            await using var channel = await connection.CreateChannelAsync();
            using var models = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await RunAsync(models, await StepsAsync(channel));
        }
        finally
        {
            collector.Kill();
            classifier.Kill();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task RunAsync(HttpClient models, ChannelReader<GuardChanged> steps)
    {
        var (closed, free, served) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = -WarmUps; round < Rounds; round++)
        {
            await AskAsync(models);
            // Nobody plays again at once, and what the driver is asked is rationed
            await Task.Delay(BetweenRounds);
            var (pid, startedAt) = await StartGameAsync();
            var draining = await UntilAsync(steps, GuardState.Draining);
            var yielded = await UntilAsync(steps, GuardState.Yielded);
            var endedAt = DateTimeOffset.UtcNow;
            Process.GetProcessById(pid).Kill();
            var serving = await UntilAsync(steps, GuardState.Serving);
            if (round < 0) continue;
            closed.Add((draining - startedAt).TotalMilliseconds);
            free.Add((yielded - startedAt).TotalMilliseconds);
            served.Add((serving - endedAt - EndDebounce).TotalMilliseconds);
        }
        Write("game start to closed gate", closed);
        Write("game start to free memory", free);
        Write("game end to serving, debounce left out", served);
    }

    private static void Write(string what, List<double> milliseconds)
    {
        milliseconds.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}, {milliseconds.Count} rounds: p50 {milliseconds[milliseconds.Count / 2]:0} ms, p95 {milliseconds[milliseconds.Count * 95 / 100]:0} ms, most {milliseconds[^1]:0} ms"));
    }

    // While nothing answers yet, and until the model is in memory
    private static async Task AskAsync(HttpClient models)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(200))
        {
            try
            {
                using var answer = await models.PostAsJsonAsync("/api/generate", new { model = Model, prompt = "go", stream = false });
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException) when (clock.Elapsed < Patience)
            {
                // It still starts
            }
        }
    }

    // Nobody's child: what runs below the model server's process is its own
    private static async Task<(int Pid, DateTimeOffset StartedAt)> StartGameAsync()
    {
        var file = Path.GetTempFileName();
        using var shell = Process.Start(new ProcessStartInfo("setsid", ["--fork", "bash", "-c", """echo $$ $EPOCHREALTIME > "$1.tmp"; mv "$1.tmp" "$1"; GPUPLATFORM_SIMULATED_GPU=0:8000:graphics:90 exec -a "$2" sleep 900""", "bash", file, Game])
        {
            Environment = { ["LC_ALL"] = "C" },
        })!;
        await shell.WaitForExitAsync();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience; await Task.Delay(1))
            if (await File.ReadAllTextAsync(file) is { Length: > 0 } text && text.Split(' ') is [var pid, var seconds])
            {
                File.Delete(file);
                return (int.Parse(pid, CultureInfo.InvariantCulture), DateTimeOffset.UnixEpoch.AddSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)));
            }
        throw new TimeoutException("the game did not start");
    }

    private static async Task<DateTimeOffset> UntilAsync(ChannelReader<GuardChanged> steps, GuardState state)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var step = await steps.ReadAsync(limit.Token);
            if (step.To == state && step.From != state) return step.ChangedAt;
        }
    }

    private static async Task<ChannelReader<GuardChanged>> StepsAsync(IChannel channel)
    {
        var exchange = WireTopology.ExchangeFor<GuardChanged>();
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true);
        var queue = await channel.QueueDeclareAsync();
        await channel.QueueBindAsync(queue.QueueName, exchange, "");
        var steps = Channel.CreateUnbounded<GuardChanged>();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) => await steps.Writer.WriteAsync(
            JsonDocument.Parse(delivery.Body).RootElement.GetProperty("message").Deserialize<GuardChanged>(JsonSerializerOptions.Web)!);
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer);
        return steps.Reader;
    }
}
