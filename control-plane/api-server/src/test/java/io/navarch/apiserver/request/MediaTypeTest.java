package io.navarch.apiserver.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.objects.ApiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypeTest {
    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

    private static MediaType accepted(String header) {
        return MediaType.accepted(header, true, format -> true);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|JSON",
                "*/*|JSON",
                "application/yaml|YAML",
                "application/json;q=0.5, application/yaml;q=0.9|YAML",
                "application/vnd.kubernetes.protobuf, application/json|PROTOBUF",
                "text/html, application/json|JSON"
            })
    void theBestLikedServableEncodingWins(String header, MediaType.Format format) {
        assertThat(accepted(header).format()).isEqualTo(format);
    }

    @Test
    void whatIsNotOfferedIsSkipped() {
        var json = MediaType.accepted(
                PROTOBUF + ", application/json", true, format -> format != MediaType.Format.PROTOBUF);
        assertThat(json.format()).isEqualTo(MediaType.Format.JSON);
        assertThatThrownBy(() -> MediaType.accepted(PROTOBUF, true, format -> format != MediaType.Format.PROTOBUF))
                .isInstanceOf(ApiException.class)
                .hasMessage("only the following media types are accepted: application/json, application/yaml");
    }

    @Test
    void tablesAreForKindsThatAreListedAndHaveNoMessage() {
        assertThat(accepted(TABLE + ", application/json").table()).isTrue();
        assertThat(MediaType.accepted(TABLE + ", application/json", false, format -> true)
                        .table())
                .isFalse();
        assertThat(accepted(PROTOBUF + ";as=Table;v=v1, " + TABLE).format()).isEqualTo(MediaType.Format.JSON);
        assertThatThrownBy(() -> accepted("application/json;as=Table;v=v7")).isInstanceOf(ApiException.class);
    }

    @Test
    void metadataAloneIsAForm() {
        assertThat(accepted("application/json;as=PartialObjectMetadata;v=v1").metadataOnly())
                .isTrue();
        assertThat(accepted("application/json;as=PartialObjectMetadataList;v=v1")
                        .metadataOnly())
                .isTrue();
    }
}
