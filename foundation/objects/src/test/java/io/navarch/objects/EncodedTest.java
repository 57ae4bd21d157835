package io.navarch.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedTest {
    private static Encoded encoded(String text) {
        return Encoded.of(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'kind':'A','metadata':{'name':'x','managedFields':[{'a':{}}],'labels':{}}} | {'kind':'A','metadata':{'name':'x','labels':{}}}",
                "{'metadata':{'managedFields':null},'managedFields':1} | {'metadata':{},'managedFields':1}",
                "{'data':{'managedFields':'mine'},'metadata':{}} | {'data':{'managedFields':'mine'},'metadata':{}}",
                "{'spec':{'metadata':{'managedFields':[1]}}} | {'spec':{'metadata':{'managedFields':[1]}}}",
                "{'metadata':[1]} | {'metadata':[1]}",
                "{} | {}",
            })
    void theTreeLacksTheObjectsOwnManagersOnly(String json, String tree) {
        assertThat(encoded(json).view().value()).isEqualTo(Json.parse(tree.replace('\'', '"')));
    }

    @Test
    void theTreeThatIsGivenIsTheOneThatIsRead() {
        var tree = View.of(Trees.map("a", 1L));
        assertThat(Encoded.of(new byte[] {'x'}, tree).view().value()).isSameAs(tree.value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[1]", "{'a':", "{'metadata':{'managedFields':[}}", "nothing"})
    void whatIsNoObjectIsRefused(String text) {
        var damaged = encoded(text);
        assertThatThrownBy(damaged::view).isInstanceOf(Json.MalformedException.class);
    }
}
