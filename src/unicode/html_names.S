/* HTML's named references as read-only data: the file itself, which is sorted, and its length. */
        .section .rodata.html_names, "a", %progbits
        .balign 4
        .globl  html_names_bytes
        .hidden html_names_bytes
        .type   html_names_bytes, %object
html_names_bytes:
        .long   html_names_end - html_names
        .size   html_names_bytes, 4
        .globl  html_names
        .hidden html_names
        .type   html_names, %object
html_names:
        .incbin "html-names.txt"
html_names_end:
        .size   html_names, . - html_names
        .section .note.GNU-stack, "", %progbits
