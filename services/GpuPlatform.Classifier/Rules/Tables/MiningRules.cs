using GpuPlatform.Contracts;
using static GpuPlatform.Classifier.Rules.Match;

namespace GpuPlatform.Classifier.Rules.Tables;

/// <summary>Miners go by many names; the pool protocol in their arguments does not.</summary>
internal static class MiningRules
{
    public static readonly Rule[] Table =
    [
        new("mining/pool-address", WorkloadKind.Mining, 0.98, "it talks to a mining pool",
            HasArgument(@"^(-{1,2}\w+=)?(stratum\d?\+(tcp|ssl|tls)|ethproxy|zil)://")),
        new("mining/miner", WorkloadKind.Mining, 0.9, "a known miner",
            Named("xmrig", "xmrig.exe", "t-rex", "t-rex.exe", "lolminer", "lolminer.exe", "nbminer", "nbminer.exe", "teamredminer",
                "teamredminer.exe", "phoenixminer", "phoenixminer.exe", "ethminer", "ethminer.exe", "bzminer", "bzminer.exe", "rigel",
                "rigel.exe", "srbminer-multi", "srbminer-multi.exe", "onezerominer", "wildrig-multi", "wildrig.exe", "gminer",
                "nicehashquickminer.exe", "nicehashminer.exe", "excavator.exe")),
        // 'miner' alone is also a word: GMiner's binary counts only with its algorithm and server switches.
        new("mining/gminer", WorkloadKind.Mining, 0.85, "GMiner with a pool",
            All(Named("miner", "miner.exe"), HasArgument("^(--algo|-a)$"), HasArgument("^(--server|-s|--pool)$"))),
    ];
}
