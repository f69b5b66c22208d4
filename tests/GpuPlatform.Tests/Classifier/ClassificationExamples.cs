using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Classifier;

/// <summary>
/// Labelled processes. Columns: kind ; short name ; executable ; arguments (two spaces between) ; ancestors ; control group ; context (c, g, cg).
/// An empty column was not readable.
/// </summary>
internal static class ClassificationExamples
{
    public const string Table = """
        Gaming; Game.x86_64; /home/u/.local/share/Steam/steamapps/common/Hades II/Game.x86_64; Game.x86_64; reaper,steam; /user.slice/app-steam-app1145350-4711.scope; g
        Gaming; Game; ; ; ; /user.slice/user-1000.slice/app.slice/app-steam-app1145350-4711.scope; g
        Gaming; eldenring.exe; /home/u/.local/share/Steam/steamapps/common/Proton 9.0/files/bin/wine64-preloader; Z:\home\u\.local\share\Steam\steamapps\common\ELDEN RING\Game\eldenring.exe; python3,pv-bwrap,reaper,steam; ; cg
        Gaming; start_protected; /usr/bin/wine64-preloader; C:\Games\Foo\start_protected_game.exe; umu-run,heroic; ; g
        Gaming; Borderlands3.ex; /usr/bin/wine-preloader; /home/u/Games/heroic/drive_c/BL3/Borderlands3.exe; ; ; g
        Gaming; FortniteClient-; ; D:\Epic Games\Fortnite\FortniteClient-Win64-Shipping.exe; ; ; g
        Gaming; VALORANT-Win64-; C:\Riot Games\VALORANT\live\VALORANT-Win64-Shipping.exe; ; ; ; cg
        Gaming; java; /usr/lib/jvm/java-21/bin/java; java  -Xmx4G  -cp  a.jar:b.jar  net.minecraft.client.main.Main; prismlauncher; ; g
        Gaming; pcsx2-qt; /usr/bin/pcsx2-qt; pcsx2-qt  /roms/x.iso; bash; ; g
        Gaming; dolphin-emu; /usr/bin/dolphin-emu; dolphin-emu; ; ; g
        Gaming; rpcs3; /tmp/.mount_rpcs3/usr/bin/rpcs3; rpcs3; ; ; cg
        Gaming; DuckStation-x64; /opt/DuckStation-x64.AppImage; ; ; ; g
        Gaming; vrcompositor; /home/u/.local/share/Steam/steamapps/common/SteamVR/bin/linux64/vrcompositor; vrcompositor; ; ; cg
        Gaming; RobloxPlayerBet; C:\Users\u\AppData\Local\Roblox\RobloxPlayerBeta.exe; ; ; ; g
        Gaming; gamescope-wl; /usr/bin/gamescope; gamescope  -W  2560  --  /opt/game/run; ; ; cg
        Gaming; mygame.x86_64; /home/u/itch-games/mygame.x86_64; ./mygame.x86_64; bash; ; g
        Gaming; ReadyOrNot-Win6; /usr/bin/wine64; Z:\games\ron\ReadyOrNot-Win64-Shipping.exe; ; ; g
        General; services.exe; /home/u/.local/share/Steam/steamapps/common/Proton 9.0/files/bin/wine64-preloader; C:\windows\system32\services.exe; reaper,steam; /user.slice/app-steam-app1245620-99.scope; g
        General; explorer.exe; /usr/bin/wine64-preloader; C:\windows\system32\explorer.exe  /desktop; reaper,steam; ; g
        General; winedevice.exe; /usr/bin/wine64-preloader; C:\windows\system32\winedevice.exe; ; ; g
        General; wineserver; /home/u/.local/share/Steam/steamapps/common/Proton - Experimental/files/bin/wineserver; wineserver; ; ;
        General; pv-bwrap; /home/u/.local/share/Steam/steamapps/common/SteamLinuxRuntime_sniper/pressure-vessel/libexec/pv-bwrap; ; ; ; g
        General; reaper; /home/u/.local/share/Steam/ubuntu12_32/reaper; reaper  SteamLaunch  AppId=1245620  Install=1  --; steam; /user.slice/app-steam-app1245620-77.scope; g
        General; iscriptevaluato; /usr/bin/wine64-preloader; Z:\home\u\.local\share\Steam\legacycompat\iscriptevaluator.exe; reaper,steam; ; g
        General; fossilize_repla; /home/u/.local/share/Steam/ubuntu12_64/fossilize_replay; fossilize_replay  --num-threads; steam; ; g
        General; steamwebhelper; /home/u/.local/share/Steam/ubuntu12_64/steamwebhelper; steamwebhelper  --type=gpu-process; steam; ; g
        General; steam; /home/u/.local/share/Steam/ubuntu12_32/steam; steam; ; ; g
        General; EpicGamesLaunch; C:\Program Files (x86)\Epic Games\Launcher\Portal\Binaries\Win64\EpicGamesLauncher.exe; ; ; ; g
        General; EasyAntiCheat_E; C:\Program Files (x86)\EasyAntiCheat_EOS\EasyAntiCheat_EOS.exe; ; ; ; g
        General; heroic; /opt/Heroic/heroic; heroic  --type=gpu-process; ; ; g
        General; dolphin; /usr/bin/dolphin; dolphin  /home/u; plasmashell; ; g
        General; code; /usr/share/code/code; code  --type=gpu-process; ; ; g
        General; Discord; /opt/discord/Discord; Discord  --type=gpu-process; ; ; g
        General; myapp; /opt/MyApp/myapp; myapp  --type=gpu-process; ; ; g
        General; vim; /usr/bin/vim; vim  train.py; ; ;
        General; grep; /usr/bin/grep; grep  -r  llama-server  /etc; ; ;
        General; docker; /usr/bin/docker; docker  run  ollama/ollama  serve; ; ; c
        General; nvidia-smi; /usr/bin/nvidia-smi; nvidia-smi; ; ; c
        General; llama-server; /usr/lib/ollama/llama-server; llama-server  --port  41231  --offline; ollama; ; c
        General; qemu-system-x86; /usr/bin/qemu-system-x86_64; qemu-system-x86_64  -device  vfio-pci,host=01:00.0; ; ; c
        General; reaper; /opt/REAPER/reaper; reaper  song.rpp; gnome-shell; ; g
        General; mystery; /opt/vendor/mystery; mystery; ; ; c
        General; ; ; ; ; ; c
        General; ffmpeg; /usr/bin/ffmpeg; ffmpeg  -i  in.mkv  -c:v  libx264  out.mkv; ; ;
        General; python3; /usr/bin/python3.12; python3  /opt/trainer/gui/main.py; ; ; g
        LlmInference; ollama; /usr/local/bin/ollama; ollama  runner  --model  /m/blobs/sha256-1  --port  41231; ollama; ; c
        LlmInference; ollama_llama_se; /usr/lib/ollama/runners/cuda_v12/ollama_llama_server; ollama_llama_server  --model  x; ollama; ; c
        LlmInference; llama-server; /usr/lib/ollama/llama-server; llama-server  --model  /usr/share/ollama/.ollama/models/blobs/sha256-1  --port  4; ollama; ; c
        LlmInference; llama-server; /opt/llama.cpp/llama-server; llama-server  -m  qwen.gguf  -ngl  99; bash; ; c
        LlmInference; vllm; /usr/bin/python3.12; /usr/bin/python3  /usr/local/bin/vllm  serve  Qwen/Qwen3; bash; ; c
        LlmInference; VLLM::EngineCor; /usr/bin/python3.12; VLLM::EngineCore; vllm; ; c
        LlmInference; python3; /usr/bin/python3.12; python3  -m  vllm.entrypoints.openai.api_server  --model  x; ; ; c
        LlmInference; python; /usr/bin/python3.11; python  -m  sglang.launch_server  --model-path  x; ; ; c
        LlmInference; sglang::schedul; /usr/bin/python3.11; sglang::scheduler_TP0; ; ; c
        LlmInference; koboldcpp; /home/u/koboldcpp-linux-x64; ./koboldcpp-linux-x64  --usecublas; ; ; c
        LlmInference; mistral-7b.llam; /home/u/mistral-7b.llamafile; ./mistral-7b.llamafile; ; ; c
        LlmInference; node; /home/u/.lmstudio/.internal/utils/node; node  worker.js; lm-studio; ; c
        ImageGeneration; python; /usr/bin/python3.12; /home/u/ComfyUI/venv/bin/python  main.py  --listen; bash; ; c
        ImageGeneration; python; /usr/bin/python3.10; python  /home/u/stable-diffusion-webui/launch.py  --xformers; ; ; c
        ImageGeneration; invokeai-web; /usr/bin/python3.11; python3  /home/u/invoke/.venv/bin/invokeai-web; ; ; c
        MlTraining; torchrun; /usr/bin/python3.11; python  /usr/bin/torchrun  --nproc_per_node=1  x.py; ; ; c
        MlTraining; python; /usr/bin/python3.11; python  /home/u/proj/train_network.py  --lr  1e-4; bash; ; c
        MlTraining; python; /usr/bin/python3.11; python  -u  worker.py; torchrun,bash; ; c
        MlTraining; python; /usr/bin/python3.11; python  -m  axolotl.cli.train  c.yml; accelerate; ; c
        MlTraining; ray::RayTrainWo; /usr/bin/python3.11; ray::RayTrainWorker; raylet; ; c
        MlTraining; llamafactory-cl; /usr/bin/python3.11; python  /usr/bin/llamafactory-cli  train  x.yaml; ; ; c
        Rendering; blender; /opt/blender/blender; blender  -b  shot.blend  -a; ; ; c
        Rendering; blender; /home/u/.local/share/Steam/steamapps/common/Blender/blender; blender; reaper,steam; /user.slice/app-steam-app365670-12.scope; cg
        Rendering; UnrealEditor; /opt/UE/Engine/Binaries/Linux/UnrealEditor; UnrealEditor; ; ; g
        Video; ffmpeg; /usr/bin/ffmpeg; ffmpeg  -hwaccel  cuda  -i  in.mkv  -c:v  hevc_nvenc  out.mkv; ; ; c
        Video; obs; /usr/bin/obs; obs; gnome-shell; ; cg
        Video; resolve; /opt/resolve/bin/resolve; /opt/resolve/bin/resolve; ; ; cg
        Video; mpv; /usr/bin/mpv; mpv  film.mkv; ; ; g
        Desktop; Xorg; /usr/lib/xorg/Xorg; /usr/lib/xorg/Xorg  vt2; ; ; g
        Desktop; gnome-shell; /usr/bin/gnome-shell; /usr/bin/gnome-shell; systemd; ; g
        Desktop; xdg-desktop-por; /usr/libexec/xdg-desktop-portal-gnome; ; ; ; g
        Desktop; dwm.exe; C:\Windows\System32\dwm.exe; ; ; ; g
        Desktop; explorer.exe; C:\Windows\explorer.exe; ; ; ; g
        Desktop; wallpaper64.exe; C:\Program Files (x86)\Steam\steamapps\common\wallpaper_engine\wallpaper64.exe; ; ; ; g
        Browser; chrome; /opt/google/chrome/chrome; chrome  --type=gpu-process  --ozone-platform=wayland; ; ; g
        Browser; firefox; /usr/lib/firefox/firefox; firefox  -contentproc; ; ; g
        Browser; RDD Process; /usr/lib/firefox/firefox-bin; firefox-bin  -contentproc; ; ; g
        Compute; gmx; /usr/bin/gmx; gmx  mdrun  -nb  gpu; ; ; c
        Compute; FahCore_22; /var/lib/fah/FahCore_22; FahCore_22; ; ; c
        Compute; python3; /usr/bin/python3.12; python3  simulate.py; bash; ; c
        Compute; python; /usr/bin/python3.12; python  -m  ipykernel_launcher  -f  k.json; jupyter-lab; ; c
        Mining; t-rex; /tmp/t-rex; ./t-rex  -a  kawpow  -o  stratum+tcp://pool:3333; ; ; c
        Mining; kworkerds; /var/tmp/.x/kworkerds; kworkerds  --url=stratum+ssl://pool:443; ; ; c
        Mining; lolMiner; /home/u/lolMiner; ./lolMiner; ; ; c
        """;

    public static (WorkloadKind Kind, GpuProcessObserved Process) Parse(string line)
    {
        var columns = line.Split(';').Select(column => column.Trim()).ToArray();
        return (Enum.Parse<WorkloadKind>(columns[0]), new GpuProcessObserved
        {
            NodeId = "desk",
            GpuUuid = "GPU-1",
            Pid = 1,
            StartedAt = DateTimeOffset.UnixEpoch,
            ObservedAt = DateTimeOffset.UnixEpoch,
            Change = ProcessChange.Started,
            Name = OrNull(columns[1]),
            ExecutablePath = OrNull(columns[2]),
            CommandLine = OrNull(columns[3])?.Split("  "),
            Ancestors = OrNull(columns[4])?.Split(','),
            ControlGroup = OrNull(columns[5]),
            Context = columns[6] switch { "c" => GpuContext.Compute, "g" => GpuContext.Graphics, "cg" => GpuContext.ComputeAndGraphics, _ => null },
        });
    }

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}
