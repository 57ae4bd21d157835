package io.navarch.blackbox;

import java.io.File;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The image of programs in Java that run in pods, `jvm:test`: this machine's JVM and the class path of these tests.
final class JvmImage {
    /// What the programs need of the class path.
    private static final Pattern NEEDED = Pattern.compile(
            "black-box/target/test-classes|io/(fabric8|vertx|netty|"
                    + "javaoperatorsdk|github/java-diff-utils)/|/jackson/|/slf4j/|/snakeyaml|/commons-(codec|io|lang3|compress)/");

    private JvmImage() {}

    static void load(Machine machine) {
        var classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> NEEDED.matcher(entry).find())
                .collect(Collectors.joining(":"));
        var file = new File("target/jvm.tar").getAbsolutePath();
        try {
            machine.shell("sh src/test/resources/jvm-image.sh " + file + " jvm:test " + System.getProperty("java.home")
                            + " " + classPath)
                    .ok();
            machine.navarch("image", "load", file).ok();
        } finally {
            machine.shell("rm -f " + file);
        }
    }
}
