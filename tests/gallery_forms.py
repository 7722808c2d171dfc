"""Sample forms for the gallery of components."""

from django import forms

ROLES = (("", ""), ("spouse", "Ægtefælle"), ("child", "Barn"), ("main", "Hovedperson"))


def date_input(kind):
    return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-date": kind})


class PersonForm(forms.Form):
    first_name = forms.CharField(label="Fornavn", required=False)
    last_name = forms.CharField(label="Efternavn", required=False, widget=forms.TextInput(attrs={"data-repeat": ""}))
    birth_date = forms.DateField(
        label="Fødselsdato",
        required=False,
        widget=date_input("birth"),
        error_messages={"invalid": "Skriv en fødselsdato, fx 14.03.1991"},
    )
    role = forms.ChoiceField(label="Relation", required=False, choices=ROLES)
    visitation_on = forms.DateField(label="Visiteret", required=False, widget=date_input("near"))
    residence_from = forms.DateField(label="Bopæl fra", required=False, widget=date_input("near"))


class ActForm(forms.Form):
    on = forms.DateField(
        label="Hvornår skete det?",
        help_text="fx 24.11.2026",
        widget=date_input("near"),
        error_messages={"invalid": "Skriv en dato, fx 24.11.2026", "required": "Skriv, hvornår det skete"},
    )
    school = forms.CharField(label="Hvilken skole?", error_messages={"required": "Skriv, hvilken skole der er tilbudt"})
    language = forms.ChoiceField(label="Sprog", choices=[("uk", "Ukrainsk"), ("ru", "Russisk")], required=False)
    way = forms.ChoiceField(
        label="Hvordan er familien fundet?",
        choices=[("a", "Udlændingestyrelsen"), ("b", "Egen henvendelse")],
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, hvordan familien er fundet"},
    )
    note = forms.CharField(label="Bemærkning", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    interpreter = forms.BooleanField(label="Tolk er nødvendig", required=False, help_text="Også til telefonmøder")


class NoteForm(forms.Form):
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 2, "placeholder": "Skriv et notat"}), label="Notat")
    kind = forms.ChoiceField(
        choices=[("note", "Notat"), ("call", "Opkald"), ("visit", "Besøg")], widget=forms.RadioSelect, initial="note"
    )
    on = forms.DateField(label="Hvornår", required=False, widget=date_input("near"))
    people = forms.MultipleChoiceField(
        label="Hvem handler det om?", required=False, widget=forms.CheckboxSelectMultiple, choices=[("1", "Olena")]
    )
    data_class = forms.ChoiceField(label="Hvem må se det?", choices=[("ordinary", "Alle i sagen")])


class FilterForm(forms.Form):
    q = forms.CharField(label="Søg", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    status = forms.ChoiceField(label="Status", required=False, choices=[("", "Alle"), ("over", "Overskredet")])
    mine = forms.BooleanField(label="Kun mine", required=False)


class FileForm(forms.Form):
    file = forms.FileField(label="Vælg visiteringslisten", help_text="Excel (.xlsx) eller CSV, højst 10 MB")


PeopleFormSet = forms.formset_factory(PersonForm, extra=1)


def people():
    return PeopleFormSet(
        {
            "people-TOTAL_FORMS": "4",
            "people-INITIAL_FORMS": "0",
            "people-0-first_name": "Oksana",
            "people-0-last_name": "Rudenko",
            "people-0-birth_date": "14.03.1991",
            "people-0-role": "main",
            "people-1-first_name": "Serhii",
            "people-1-last_name": "Rudenko",
            "people-1-birth_date": "02.09.1988",
            "people-1-role": "spouse",
            "people-2-first_name": "Artem",
            "people-2-last_name": "Rudenko",
            "people-2-birth_date": "31.02.2018",
            "people-2-role": "child",
        },
        prefix="people",
    )
