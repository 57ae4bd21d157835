package io.navarch.agent.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MountTableTest {
    private static final Path ROOT = Path.of("/var/lib/kubelet");

    /// Whoever runs a pod chooses the names of directories in its volumes, and they are shown elsewhere.
    @Test
    void namesOfOthersHinderNobody() throws IOException {
        var table = new ByteArrayOutputStream();
        table.writeBytes(line("/a\rb", "/var/lib/kubelet/pods/u/1"));
        table.writeBytes(line("/a\u00ff\u00fe", "/var/lib/kubelet/pods/u/2"));
        table.writeBytes(line("/", "/mnt/\u00ff"));
        table.writeBytes(line("/", "/var/lib/kubelet-other"));
        table.writeBytes(line("/", "/var/lib/kubelet/pods/u/a\\040b"));
        table.writeBytes("cut\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(MountTable.below(ROOT, table.toByteArray()))
                .containsExactly(ROOT.resolve("pods/u/a b"), ROOT.resolve("pods/u/2"), ROOT.resolve("pods/u/1"));
        assertThat(MountTable.below(ROOT.resolve("pods/u/2"), table.toByteArray()))
                .containsExactly(ROOT.resolve("pods/u/2"));
    }

    private static byte[] line(String root, String point) {
        return ("36 35 98:0 " + root + " " + point + " rw,noatime shared:1 - ext4 /dev/root rw\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
