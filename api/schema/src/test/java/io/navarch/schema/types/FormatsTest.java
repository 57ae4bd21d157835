package io.navarch.schema.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FormatsTest {
    private static final List<String> ALL = List.of(("date-time date byte ipv4 ipv6 cidr uri mac uuid uuid3 uuid4 uuid5"
                    + " duration k8s-short-name k8s-long-name email hostname isbn isbn10 isbn13 creditcard ssn hexcolor"
                    + " rgbcolor bsonobjectid")
            .split(" "));

    static Stream<Arguments> texts() throws IOException {
        try (var table = FormatsTest.class.getResourceAsStream("formats.txt")) {
            return new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", 2))
                    .map(parts -> Arguments.of(Json.parse(parts[0]), parts[1]));
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void textsFitFormats(String text, String formats) {
        var fitting = ALL.stream().filter(format -> Formats.fits(format, text)).collect(Collectors.joining(" "));
        assertThat(fitting).isEqualTo(formats);
    }

    @Test
    void everyTextFitsWhatNobodyKnows() {
        assertThat(Formats.fits("never-heard-of", "anything")).isTrue();
        assertThat(Formats.fits("datetime", "yesterday")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "string, date-time, true",
        "'', email, true",
        "string, int64, false",
        "integer, int64, true",
        "integer, date, false",
        "number, float, true",
        "object, byte, false"
    })
    void formatsBelongToTypes(String type, String format, boolean known) {
        assertThat(Formats.known(type, format)).isEqualTo(known);
    }
}
