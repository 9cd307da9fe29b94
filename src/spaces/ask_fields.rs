//! A space's own fields: what its ask form asks besides title, body and tags, such as a version.
//!
//! Promises that a value that was taken fits its field's kind and size. What a field was when a question was asked is
//! not kept: values of a field that is gone are shown under its key. Pure but for [`set_fields`].

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::rules;
use crate::accounts::actor::Actor;
use crate::accounts::audit;
use crate::accounts::book_rules::Refusal;
use crate::clock::Micros;
use crate::db::schema::spaces;
use crate::db::{Conn, Failure};
use crate::events::{self, About, Fact};
use crate::text::{char_count, clean_name};
use crate::web::FieldProblem;

/// Fields of a space at most.
pub const MOST: usize = 10;
/// Choices of a field at most, and at least two.
pub const CHOICES_MOST: usize = 50;
/// Characters of a label or a choice at most.
pub const LABEL_MOST: usize = 80;
/// Characters of a hint and of a text value at most.
pub const TEXT_MOST: usize = 200;
/// Numbers at most; what JavaScript still counts exactly.
pub const NUMBER_MOST: i64 = (1 << 53) - 1;

/// What kind of value a field takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// One line of at most 200 characters.
    #[default]
    Text,
    /// A whole number.
    Number,
    /// One of the field's choices.
    Choice,
}

impl FieldKind {
    /// The kind of this name.
    pub fn parse(name: &str) -> Option<FieldKind> {
        match name {
            "text" => Some(FieldKind::Text),
            "number" => Some(FieldKind::Number),
            "choice" => Some(FieldKind::Choice),
            _ => None,
        }
    }
}

/// A field that the ask form of a space asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AskField {
    /// Names it in the API: 1 to 40 lower-case letters, digits and hyphens.
    pub key: String,
    /// What people read, at most 80 characters.
    pub label: String,
    /// `text`, `number` or `choice`.
    #[serde(default)]
    pub kind: FieldKind,
    /// Whether a question can't be asked without it.
    #[serde(default)]
    pub required: bool,
    /// A sentence that helps to fill it in, at most 200 characters; may be empty.
    #[serde(default)]
    pub hint: String,
    /// For the kind `choice`: 2 to 50 of them.
    #[serde(default)]
    pub choices: Vec<String>,
}

/// The fields of a space, in the order in which they are asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskFields(pub Vec<AskField>);

/// As stored. What cannot be read asks for nothing.
impl From<String> for AskFields {
    fn from(stored: String) -> AskFields {
        AskFields(serde_json::from_str(&stored).unwrap_or_default())
    }
}

impl AskField {
    /// The field with its texts cleaned.
    ///
    /// # Errors
    /// All that is wrong with `key`, `label`, `hint` and `choices`.
    pub fn checked(&self) -> Result<AskField, Vec<FieldProblem>> {
        let mut wrong = Vec::new();
        let key = rules::key(&self.key).map_err(|problem| wrong.push(problem)).unwrap_or_default();
        let label = clean_name(&self.label);
        if label.is_empty() {
            wrong.push(FieldProblem::new("label", "missing"));
        }
        wrong.extend(too_long("label", &label, LABEL_MOST));
        let hint = clean_name(&self.hint);
        wrong.extend(too_long("hint", &hint, TEXT_MOST));
        let mut choices: Vec<String> = self
            .choices
            .iter()
            .map(|choice| clean_name(choice))
            .filter(|choice| !choice.is_empty())
            .collect();
        let mut seen = BTreeSet::new();
        choices.retain(|choice| seen.insert(choice.clone()));
        if self.kind != FieldKind::Choice {
            choices.clear();
        } else if !(2..=CHOICES_MOST).contains(&choices.len()) {
            wrong.push(FieldProblem::new("choices", "bad-choices").with("max", CHOICES_MOST));
        }
        wrong.extend(choices.iter().find_map(|choice| too_long("choices", choice, LABEL_MOST)));
        let (kind, required) = (self.kind, self.required);
        if wrong.is_empty() { Ok(AskField { key, label, kind, required, hint, choices }) } else { Err(wrong) }
    }

    /// A value as it is kept; None for none.
    fn value(&self, given: Option<&Value>) -> Result<Option<Value>, FieldProblem> {
        let problem = |kind| FieldProblem::new(field_name(&self.key), kind);
        let wrong_type = |expected| Err(problem("wrong-type").with("expected", expected));
        let text = match given {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => clean_name(text),
            Some(Value::Number(number)) if self.kind == FieldKind::Number => number.to_string(),
            Some(_) if self.kind == FieldKind::Number => return wrong_type("a whole number"),
            Some(_) => return wrong_type("a string"),
        };
        if text.is_empty() {
            return if self.required { Err(problem("missing")) } else { Ok(None) };
        }
        match self.kind {
            FieldKind::Text => match too_long(field_name(&self.key), &text, TEXT_MOST) {
                Some(problem) => Err(problem),
                None => Ok(Some(text.into())),
            },
            FieldKind::Number => match text.parse::<i64>() {
                Ok(number) if (-NUMBER_MOST..=NUMBER_MOST).contains(&number) => Ok(Some(number.into())),
                _ => Err(problem("number")),
            },
            FieldKind::Choice if self.choices.contains(&text) => Ok(Some(text.into())),
            FieldKind::Choice => Err(problem("unknown-choice")),
        }
    }
}

impl AskFields {
    /// The fields with their texts cleaned.
    ///
    /// # Errors
    /// All that is wrong, under `fields.N.` and the part's name; `fields` when there are too many or one twice.
    pub fn checked(fields: &[AskField]) -> Result<AskFields, Vec<FieldProblem>> {
        if fields.len() > MOST {
            let problem = FieldProblem::new("fields", "too-many-ask-fields").with("max", MOST);
            return Err(vec![problem]);
        }
        let mut wrong = Vec::new();
        let mut checked: Vec<AskField> = Vec::new();
        for (number, field) in fields.iter().enumerate() {
            match field.checked() {
                Ok(field) if checked.iter().any(|known| known.key == field.key) => {
                    wrong.push(FieldProblem::new("fields", "key-twice").with("key", field.key));
                }
                Ok(field) => checked.push(field),
                Err(problems) => wrong.extend(problems.into_iter().map(|problem| FieldProblem {
                    field: format!("fields.{number}.{}", problem.field).into(),
                    ..problem
                })),
            }
        }
        if wrong.is_empty() { Ok(AskFields(checked)) } else { Err(wrong) }
    }

    /// What was given for a question, as it is kept.
    ///
    /// # Errors
    /// All that is wrong, each under [`field_name`]: what nobody asks for, what is missing, what does not fit.
    pub fn take(&self, given: &Map<String, Value>) -> Result<Map<String, Value>, Vec<FieldProblem>> {
        let mut wrong = Vec::new();
        let mut taken = Map::new();
        for field in &self.0 {
            match field.value(given.get(&field.key)) {
                Ok(None) => {}
                Ok(Some(value)) => {
                    taken.insert(field.key.clone(), value);
                }
                Err(problem) => wrong.push(problem),
            }
        }
        let unknown = given.keys().filter(|key| !self.0.iter().any(|field| field.key == **key));
        // Enough to see what is meant; a request may hold any number of them.
        wrong.extend(unknown.take(20).map(|key| FieldProblem::new(field_name(key), "unknown-field")));
        if wrong.is_empty() { Ok(taken) } else { Err(wrong) }
    }

    /// Kept values as people read them, label and value: in the order of the fields, then those of fields that are
    /// gone.
    pub fn told(&self, kept: &Map<String, Value>) -> Vec<(String, String)> {
        let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let known =
            self.0.iter().filter_map(|field| Some((field.label.clone(), shown(kept.get(&field.key)?))));
        let gone = kept.iter().filter(|(key, _)| !self.0.iter().any(|field| field.key == **key));
        known.chain(gone.map(|(key, value)| (key.clone(), shown(value)))).collect()
    }
}

/// What a problem calls the field of this key.
pub fn field_name(key: &str) -> String {
    format!("fields.{key}")
}

fn too_long(
    field: impl Into<std::borrow::Cow<'static, str>>,
    text: &str,
    most: usize,
) -> Option<FieldProblem> {
    let found = char_count(text);
    (found > most).then(|| FieldProblem::new(field, "too-long").with("max", most).with("found", found))
}

/// A space asks for other fields.
#[derive(Serialize)]
struct SpaceFieldsSet {
    fields: usize,
}

impl Fact for SpaceFieldsSet {
    const KIND: &'static str = "SpaceFieldsSet";
}

/// Says which fields a space asks for. Questions keep what they were asked with.
///
/// # Errors
/// [`Refusal::NotAdministrator`]; [`Refusal::NotFound`]; fields.
pub fn set_fields(
    c: &mut Conn,
    actor: Actor<'_>,
    space_id: i64,
    fields: &[AskField],
    now: Micros,
) -> Result<(), Failure<Refusal>> {
    if !actor.administers() {
        return Err(Refusal::NotAdministrator.into());
    }
    let AskFields(fields) = AskFields::checked(fields).map_err(Refusal::Fields)?;
    let stored = serde_json::to_value(&fields).unwrap_or_default().to_string();
    let changed =
        diesel::update(spaces::table.find(space_id)).set(spaces::ask_fields.eq(stored)).execute(c)?;
    if changed == 0 {
        return Err(Refusal::NotFound.into());
    }
    let keys: Vec<&str> = fields.iter().map(|field| field.key.as_str()).collect();
    let detail = serde_json::json!({ "fields": keys.join(", ") });
    let act = if fields.is_empty() { "space-fields-cleared" } else { "space-fields-set" };
    audit::record(c, actor.id(), act, "space", Some(space_id), None, &detail, now)?;
    let about = About { space_id: Some(space_id), ..About::now(now, actor.id()) };
    events::append(c, &about, &SpaceFieldsSet { fields: fields.len() })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field(key: &str, kind: FieldKind, required: bool) -> AskField {
        let choices = if kind == FieldKind::Choice { vec!["Linux".into(), "Other".into()] } else { vec![] };
        AskField { key: key.into(), label: key.to_uppercase(), kind, required, hint: String::new(), choices }
    }

    fn fields() -> AskFields {
        AskFields(vec![
            field("version", FieldKind::Text, true),
            field("units", FieldKind::Number, false),
            field("platform", FieldKind::Choice, false),
        ])
    }

    fn take(given: Value) -> Result<Value, Vec<(String, &'static str)>> {
        let taken = fields().take(given.as_object().unwrap());
        taken.map(Value::Object).map_err(|wrong| {
            wrong.into_iter().map(|problem| (problem.field.into_owned(), problem.kind)).collect()
        })
    }

    #[test]
    fn what_fits_is_kept_in_its_type_and_blank_is_none() {
        let given = json!({ "version": " 4.2 ", "units": "7", "platform": "Linux" });
        assert_eq!(take(given), Ok(json!({ "version": "4.2", "units": 7, "platform": "Linux" })));
        let given = json!({ "version": "4.2", "units": "", "platform": null });
        assert_eq!(take(given), Ok(json!({ "version": "4.2" })));
    }

    #[test]
    fn what_does_not_fit_is_named() {
        for (given, field, kind) in [
            (json!({}), "fields.version", "missing"),
            (json!({ "version": "  " }), "fields.version", "missing"),
            (json!({ "version": 4 }), "fields.version", "wrong-type"),
            (json!({ "version": ["4"] }), "fields.version", "wrong-type"),
            (json!({ "version": "v".repeat(201) }), "fields.version", "too-long"),
            (json!({ "version": "4", "units": "many" }), "fields.units", "number"),
            (json!({ "version": "4", "units": 1.5 }), "fields.units", "number"),
            (json!({ "version": "4", "units": 9_007_199_254_740_992_i64 }), "fields.units", "number"),
            (json!({ "version": "4", "units": i64::MIN }), "fields.units", "number"),
            (json!({ "version": "4", "units": true }), "fields.units", "wrong-type"),
            (json!({ "version": "4", "platform": "linux" }), "fields.platform", "unknown-choice"),
            (json!({ "version": "4", "colour": "red" }), "fields.colour", "unknown-field"),
        ] {
            assert_eq!(take(given.clone()), Err(vec![(field.to_owned(), kind)]), "{given}");
        }
    }

    #[test]
    fn values_of_a_field_that_is_gone_are_told_last_under_its_key() {
        let kept = json!({ "board": "D", "units": 7, "version": "4.2" });
        let told = fields().told(kept.as_object().unwrap());
        let told: Vec<_> = told.iter().map(|(label, value)| (label.as_str(), value.as_str())).collect();
        assert_eq!(told, [("VERSION", "4.2"), ("UNITS", "7"), ("board", "D")]);
    }

    #[test]
    fn a_definition_says_everything_that_is_wrong() {
        let twice = AskFields::checked(&[fields().0[0].clone(), fields().0[0].clone()]).unwrap_err();
        assert_eq!((twice[0].field.as_ref(), twice[0].kind), ("fields", "key-twice"));
        let many = vec![AskField::default(); MOST + 1];
        assert_eq!(AskFields::checked(&many).unwrap_err()[0].kind, "too-many-ask-fields");
        let bad = AskField {
            key: "Bad Key".into(),
            kind: FieldKind::Choice,
            choices: vec!["one".into(), " one ".into()],
            ..AskField::default()
        };
        let wrong = AskFields::checked(&[bad]).unwrap_err();
        let wrong: Vec<_> = wrong.iter().map(|problem| (problem.field.as_ref(), problem.kind)).collect();
        let all =
            [("fields.0.key", "bad-key"), ("fields.0.label", "missing"), ("fields.0.choices", "bad-choices")];
        assert_eq!(wrong, all);
    }
}
