use super::*;
#[test]
fn smoke() {
    for s in [
        "# Hi\n\nVec<String> <b>x</b> https://a.b/c_d?e=1&f=2.\n\n- [x] a\n- [ ] b https://x.y\n\n|a|b|\n|:-:|-:|\n|1|2|\n\n> [!NOTE]\n> x\n\n>! secret\n>! more\n\n![alt](https://i.s.com/x.png) ![](/attachments/1/a.png)\n\n```rust\nfn x(){}\n```\n",
        "<table><b>x<tr>y<td>z<p>q<table><li>a",
    ] {
        let r = markdown(s, &Limits::default()).unwrap();
        println!("{}\n---{}\n", r.html, r.text);
        println!("{}\n----", html_to_markdown(r.html.as_str()));
    }
}
