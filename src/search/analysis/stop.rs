//! Words that say nothing about what a text is about.

use std::collections::HashSet;
use std::sync::OnceLock;

/// Of English, German, French, Spanish, Portuguese, Italian and Dutch: those that stand in nearly every text and are
/// no word of substance in another of these languages.
const WORDS: &str = "
a an and are as at be been but by can could did do does for from had has have how i if in into is it its just me my
no not of on or our so than that the their them then there these they this to too was we were what when where which
while who why will with would you your am being any some
der die das und ist nicht ein eine einen einem einer ich du er sie es wir ihr mit von zu zum zur im auf für fur den dem
des wie kann bei nach auch aber oder wenn dass habe hat
le la les un une et est en dans que qui pour pas sur avec ce cette il elle je nous vous mon ma mes du au aux comment
el los las y es del por con para una lo se mi su como pero más mas
o os as e um uma não nao do da dos das em no na que eu meu minha com para por
il lo gli i di che non per sono una con del della mio come
de het een en van ik is op te dat niet met voor zijn aan hoe mijn
";

/// Whether a folded word is one that a query may lack, and a comparison of texts ignores.
pub fn is_stop_word(word: &str) -> bool {
    static SET: OnceLock<HashSet<String>> = OnceLock::new();
    SET.get_or_init(|| WORDS.split_whitespace().map(super::fold).collect()).contains(word)
}
