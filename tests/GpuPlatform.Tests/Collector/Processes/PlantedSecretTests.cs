using System.Text;
using GpuPlatform.Collector.Processes;

namespace GpuPlatform.Tests.Collector.Processes;

/// <summary>A secret is planted in every way we know, at every place of ordinary command lines, and must not come out.</summary>
public sealed class PlantedSecretTests
{
    private const int Rounds = 10_000;
    private const int LongestRemnant = 4;

    // What may stand in a secret without ending it: alone, within quotes, within an address
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private const string Anything = Letters + "!@#$%^*()_+-=~.,:?/|{}[]<>";
    private const string ForShell = Letters + "!@#$%^*()_+=~.,:?/{}[]";
    private const string ForAddress = Letters + "_.~$!*+-";

    private static readonly (string Way, string Alphabet)[] Ways =
    [
        ("--api-key␣{S}", Anything), ("--api-key={S}", Anything), ("--API_KEY={S}", Anything), ("--hf-token␣{S}", Anything), ("--password␣{S}", Anything),
        ("-password␣{S}", Anything), ("/password␣{S}", Anything), ("/p:{S}", Anything), ("-p␣{S}", Anything), ("HF_TOKEN={S}", Anything),
        ("OPENAI_API_KEY={S}", Anything), ("AWS_SECRET_ACCESS_KEY={S}", Anything), ("LDAPPASS={S}", Anything), ("MYSQL_PWD={S}", Anything),
        ("-eHF_TOKEN={S}", Anything), ("-DdbPassword={S}", Anything), ("--accessToken␣{S}", Anything), ("--gradio-auth␣user:{S}", Anything),
        ("-u␣user:{S}", ForShell), ("--user=user:{S}", ForShell), ("-uuser:{S}", ForShell), ("--prompt␣{S} {S}", Anything),
        ("-H␣Authorization: Bearer {S}", Letters), ("-H␣Authorization: Token {S}", Anything), ("Authorization:␣Bearer␣{S}", Letters),
        ("Authorization:␣Token␣{S}", Letters), ("--header=X-Api-Key: {S}", ForShell), ("X-Api-Key:␣{S}", Letters), ("Cookie: a=b; session={S}", Anything),
        ("Proxy-Authorization: Basic {S}==", Letters), ("https://user:{S}@host/path", ForAddress), ("https://{S}@host/path", ForAddress),
        ("amqp://user:{S}/{S}@host:5672/v", ForAddress), ("redis://:{S}@host", ForAddress), ("https://host/x?page=1&api_key={S}&y=2", ForAddress),
        ("https://host/x?next=%2Fa%3Faccess_token%3D{S}", Letters), ("{\"api_key\": \"{S}\"}", ForShell), ("{'token':'{S}'}", ForShell),
        ("{\\\"client_secret\\\":\\\"{S}\\\"}", ForShell), ("{\\\\\\\"password\\\\\\\":\\\\\\\"{S}\\\\\\\"}", ForShell), ("{\"apiKeys\":[\"{S}\",\"{S}\"]}", Letters),
        ("{\"a\":1,\"password\":\"{S}", ForShell), ("Host=db;Password={S};Timeout=3", ForShell), ("Server=s;Uid=u;Pwd={S}", ForShell),
        ("AccountName=n;AccountKey={S}==", ForShell), ("export HF_TOKEN={S}; python train.py", ForShell), ("vllm serve m --api-key {S} --port 1", ForShell),
        ("vllm serve m --api-key '{S} {S}' --port 1", ForShell), ("sshpass -p {S} ssh host", ForShell), ("mysql -uroot -p{S} db", Letters),
        ("curl -u me:{S} http://h", ForShell), ("wandb␣login␣{S}{S}{S}", Letters), ("add-authtoken␣{S}", Anything), ("hf_{S}{S}{S}", Letters),
        ("x_ghp_{S}{S}{S}", Letters), ("sk-proj-{S}{S}{S}", Letters), ("eyJ{S}.{S}.{S}", Letters), ("-----BEGIN PRIVATE KEY-----\n{S}\n", Anything),
        ("--connection-string={S};{S}", Anything), ("--secret␣aGVsbG8gd29ybGQ{S}==", Letters),
    ];

    private static readonly string[] Ordinary =
    [
        "/usr/bin/python3", "serve", "--port", "8080", "--model", "/models/Llama-3.1-70B-Instruct.Q4_K_M.gguf", "--max-tokens", "512", "--tokens", "512",
        "--tokenizer", "gpt2", "--tokenizer-mode=auto", "--eos-token-id", "2", "--pad_token=0", "--keyboard", "us", "--keyframes=10", "-ngl", "99",
        "--author=me", "--passes", "2", "--n-gpu-layers", "65", "--host=0.0.0.0", "http://127.0.0.1:8080/v1", "http://host:80/a@v1", "sha256-5a17ed00", "a b c",
        "--tensor-split", "42,23", "{\"temperature\": 0.7, \"stop\": [\"\\n\"]}", "Z:\\games\\Game.exe", "über", "--seed=42", "--monkey", "nvenc", "2>&1",
    ];

    [Fact]
    public void It_never_comes_out_and_its_neighbours_stay()
    {
        var random = new Random(20_261);
        for (var round = 0; round < Rounds; round++)
        {
            var (way, alphabet) = Ways[round % Ways.Length];
            var secret = Secret(random, alphabet);
            var planted = way.Replace("{S}", secret, StringComparison.Ordinal).Split('␣');
            var before = Some(random);
            var after = Some(random);

            var redacted = CommandLineRedaction.Redact([.. before, .. planted, .. after]);

            AssertGone(secret, string.Join('\n', redacted.Skip(before.Length).Take(planted.Length)), way);
            Assert.Equal(before, redacted.Take(before.Length));
            Assert.Equal(after, redacted.Skip(before.Length + planted.Length));
        }
    }

    [Fact]
    public void It_does_not_come_out_of_a_text_that_is_cut()
    {
        var random = new Random(5);
        var within = Ways.Where(way => !way.Way.Contains('␣', StringComparison.Ordinal) && "h{AxsP".Contains(way.Way[0], StringComparison.Ordinal)).ToList();
        Assert.True(within.Count > 12);
        for (var length = 4_000; length < 4_100; length++)
        {
            var (way, alphabet) = within[length % within.Count];
            var secret = Secret(random, alphabet);
            var filler = string.Concat(Enumerable.Repeat("word ", length / 5)) + new string('x', length % 5) + " ";
            AssertGone(secret, CommandLineRedaction.Redact(filler + way.Replace("{S}", secret, StringComparison.Ordinal)), way);
        }
    }

    [Fact]
    public void Ordinary_command_lines_stay_as_they_are()
    {
        var random = new Random(11);
        for (var round = 0; round < 2_000; round++)
        {
            string[] line = [.. Some(random), .. Some(random), .. Some(random)];
            Assert.Equal(line, CommandLineRedaction.Redact(line));
        }
    }

    private static string[] Some(Random random) => [.. Enumerable.Range(0, random.Next(6)).Select(_ => Ordinary[random.Next(Ordinary.Length)])];

    // Begins and ends with letters, so that it is no option and does not end in what ends a value
    private static string Secret(Random random, string alphabet)
    {
        var text = new StringBuilder("Zq");
        for (var i = random.Next(8, 20); i > 0; i--)
            text.Append(alphabet[random.Next(alphabet.Length)]);
        return text.Append("9x").ToString();
    }

    private static void AssertGone(string secret, string shown, string way)
    {
        for (var i = 0; i + LongestRemnant < secret.Length; i++)
        {
            var piece = secret.Substring(i, LongestRemnant + 1);
            Assert.False(shown.Contains(piece, StringComparison.Ordinal) && !way.Contains(piece, StringComparison.Ordinal), $"{way}: '{secret}' left '{shown}'");
        }
    }
}
