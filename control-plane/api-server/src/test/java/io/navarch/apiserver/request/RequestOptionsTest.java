package io.navarch.apiserver.request;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.http.HeaderNames;
import io.navarch.objects.ApiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestOptionsTest {
    private static final String PATH = "/api/v1/namespaces/a/pods/x?";

    @ParameterizedTest
    @CsvSource({
        "dryRun=Some, CreateOptions, dryRun",
        "fieldValidation=Loud, UpdateOptions, fieldValidation",
        "fieldManager=a%0Ab, UpdateOptions, fieldManager",
        "force=true, PatchOptions, force"
    })
    void optionsThatCannotBeAreNamed(String query, String kind, String field) {
        assertThatThrownBy(() -> RequestOptions.check(new FakeCall("PATCH", PATH + query), kind))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining(field);
    }

    @Test
    void applyNeedsAManagerAndMayForce() {
        var apply = new FakeCall("PATCH", PATH).header(HeaderNames.CONTENT_TYPE, "application/apply-patch+yaml");
        assertThatThrownBy(() -> RequestOptions.check(apply, "PatchOptions"))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("is required for apply patch");
        var forced = new FakeCall("PATCH", PATH + "fieldManager=me&force=true")
                .header(HeaderNames.CONTENT_TYPE, "application/apply-patch+yaml");
        assertThatCode(() -> RequestOptions.check(forced, "PatchOptions")).doesNotThrowAnyException();
    }

    @Test
    void namesOfManagersHaveALimit() {
        var call = new FakeCall("PUT", PATH + "fieldManager=" + "m".repeat(129));
        assertThatThrownBy(() -> RequestOptions.check(call, "UpdateOptions"))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("128");
    }
}
