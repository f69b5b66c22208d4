namespace GpuPlatform.History.Storage;

/// <summary>Longest texts the tables take, in characters. Messages are checked against them before they are stored.</summary>
internal static class TextLimits
{
    public const int NodeId = 128;
    public const int GpuUuid = 96;
    public const int Name = 256;
    public const int Word = 32;
    public const int Version = 64;
    public const int Reason = 1024;
    public const int Model = 512;
    public const int Path = 4096;
    public const int CommandLine = 262_144;
    public const int Environment = 65_536;
    public const int Content = 4_194_304;
}
