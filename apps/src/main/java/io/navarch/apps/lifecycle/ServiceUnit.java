package io.navarch.apps.lifecycle;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// A unit of systemd as a text.
///
/// @param directory that it is for, and noted in it
/// @param command that it runs
/// @param systemd the version that reads it: older ones do not know all words
record ServiceUnit(String role, Path directory, List<String> command, int systemd) {
    private static final String NOTE = "# navarch ";

    /// From here on the pause before a restart can grow.
    private static final int GROWING_PAUSES = 254;

    private static final int NEWEST = 999;

    String name() {
        return name(role);
    }

    static String name(String role) {
        return role.equals("server") ? "navarch.service" : "navarch-" + role + ".service";
    }

    /// How its first line names the directory.
    static String note(Path directory) {
        return NOTE + "data-dir " + directory;
    }

    /// What `systemctl --version` says, such as `systemd 252 (252.38-1~deb12u1)`; when it cannot be read, a new one.
    static int version(String said) {
        var words = said.strip().split("[ .~(\n]+");
        return words.length > 1 && words[1].matches("[0-9]{1,4}") ? Integer.parseInt(words[1]) : NEWEST;
    }

    String text() {
        var pauses =
                systemd >= GROWING_PAUSES ? "RestartSec=100ms\nRestartSteps=8\nRestartMaxDelaySec=30" : "RestartSec=2";
        return """
                %s
                [Unit]
                Description=Navarch %s
                Documentation=https://kubernetes.io/docs/
                Wants=network-online.target
                After=network-online.target local-fs.target
                # It is started again for ever, however often it dies.
                StartLimitIntervalSec=0

                [Service]
                Type=notify
                NotifyAccess=main
                ExecStart=%s
                # It says that it is ready when the API answers, and lives as long as it answers itself.
                TimeoutStartSec=10min
                WatchdogSec=60
                TimeoutStopSec=90
                Restart=always
                %s
                # Wrong usage, and a directory that it refuses: it would end the same way again.
                RestartPreventExitStatus=2 78
                SuccessExitStatus=143
                # Containers and their runtime live on; the next start finds them.
                KillMode=process
                Delegate=yes
                LimitNOFILE=1048576
                LimitNPROC=infinity
                LimitCORE=infinity
                TasksMax=infinity
                OOMScoreAdjust=-999

                [Install]
                WantedBy=multi-user.target
                """.formatted(
                        note(directory),
                        role,
                        command.stream().map(ServiceUnit::word).collect(Collectors.joining(" ")),
                        pauses);
    }

    /// A word that systemd takes as it is: quoted, and without variables or specifiers.
    private static String word(String word) {
        if (word.chars().anyMatch(Character::isISOControl))
            throw new IllegalArgumentException("a unit cannot hold the argument " + word.strip());
        var plain = word.replace("%", "%%").replace("$", "$$");
        if (plain.matches("[\\w./:=@,+%$-]+")) return plain;
        return '"' + plain.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
