package io.navarch.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FactsFileTest {
    @TempDir
    private Path folder;

    private static Answer refusal(String message) {
        return new Answer(
                400, Map.of(), List.of(), Json.parse("{\"reason\":\"BadRequest\",\"message\":\"" + message + "\"}"));
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        var facts = new Facts();
        var field = Call.get("pods/v1 create spec.a = \"x\ty\"", "/");
        var other = Call.get("pods/v1 create spec.a = 5", "/");
        var request = Call.get("pods/v1 create application/yaml a: 1\nb: 2", "/");
        facts.add(field, refusal("no"), false);
        facts.add(other, refusal("no"), true);
        facts.add(request, refusal("two\\nlines"), false);
        var file = folder.resolve("facts.txt");
        facts.write(file);
        var read = Facts.read(file);
        for (var call : List.of(field, other, request))
            assertThat(read.of(call)).isEqualTo(facts.of(call)).isPresent();
        assertThat(read.of(other).orElseThrow().differs()).isTrue();
        assertThat(read.of(Call.get("pods/v1 create spec.b = 5", "/"))).isEmpty();
        assertThat(Files.readAllLines(file)).hasSize(7);
    }
}
